using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Imports;

/// <summary>One import under way: stores its items, and remembers what became of each.</summary>
internal sealed class Import(DocumentWriter documents, ApiRequest request, CollectionName name, CollectionDefinition definition)
{
    /// <summary>About 600,000 results. The answer is the one thing of a streamed import that grows with it.</summary>
    private const int MaxAnswerBytes = 32 << 20;

    private readonly ResultList _successes = new();
    private readonly ResultList _errors = new();

    /// <summary>How many items have a result.</summary>
    public int Items => _successes.Count + _errors.Count;

    /// <summary>Stores these in one commit. Answers why nothing more can be done, or null.</summary>
    public async ValueTask<ApiError?> StoreAsync(IReadOnlyList<ImportLines.Item> items, CancellationToken cancellationToken)
    {
        var admitted = new List<ImportLines.Item>();
        foreach (var item in items)
        {
            if ((FindFault(item.Payload) ?? FindFault(item.Upsert)) is { } fault)
            {
                _errors.Add(item.Refusal(fault.Message, "strict_dynamic_mapping_exception", 400));
            }
            else
            {
                admitted.Add(item);
            }
        }

        if (admitted.Count > 0)
        {
            var (outcomes, failure) = await documents.WriteAsync(request, name, [.. admitted.Select(item => item.ToWrite(request))], describe: null, cancellationToken);
            if (failure is not null) return failure;

            for (var i = 0; i < outcomes.Count; i++) Remember(admitted[i], outcomes[i]);
        }

        return _successes.Bytes + _errors.Bytes <= MaxAnswerBytes ? null : ImportErrors.AnswerTooLarge(MaxAnswerBytes);
    }

    /// <summary>The answer: both lists, or with <paramref name="strict"/> and an item refused, an error. What was done stays done.</summary>
    public ApiResult Answer(bool strict) => strict && _errors.Count > 0
        ? ProcessErrors.IncompleteMultipleRequest("import", _errors.ToArray())
        : ApiResult.Ok(new JsonObject { ["errors"] = _errors.ToArray(), ["successes"] = _successes.ToArray() });

    /// <summary>What became of the items that were refused. Nothing is stored after it.</summary>
    public JsonArray Errors() => _errors.ToArray();

    private ApiError? FindFault(JsonElement document) => document.ValueKind == JsonValueKind.Undefined ? null : DocumentWriter.FindFault(name, definition, document);

    private void Remember(ImportLines.Item item, WriteOutcome outcome)
    {
        switch (outcome.Kind)
        {
            case DocumentChangeKind.AlreadyExists:
                _errors.Add(item.Refusal(
                    $"[{item.Id}]: version conflict, document already exists (current version [{outcome.Before!.Version}])", "version_conflict_engine_exception", 409));
                break;
            case DocumentChangeKind.NotFound when item.Action == "delete":
                _errors.Add(new JsonObject { ["delete"] = new JsonObject { ["_id"] = item.Id, ["status"] = 404 } });
                break;
            case DocumentChangeKind.NotFound:
                _errors.Add(item.Refusal($"[_doc][{item.Id}]: document missing", "document_missing_exception", 404));
                break;
            default:
                _successes.Add(item.Success(outcome.Created ? 201 : 200));
                break;
        }
    }
}
