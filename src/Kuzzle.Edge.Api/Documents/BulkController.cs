using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>The controller <c>bulk</c>: writes without metadata of their own, without the bound of multiple writes, and silent unless asked.</summary>
internal sealed class BulkController(DocumentWriter documents)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("write", WriteAsync),
        new("mWrite", WriteManyAsync),
    ];

    private async ValueTask<ApiResult> WriteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.OptionalId();
        var body = arguments.Body();
        var notify = arguments.Switch("notify");
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        if (DocumentWriter.FindFault(name, definition, body) is { } fault) return fault;

        var (outcomes, failure) = await documents.WriteAsync(
            request, name, [new PutDocument(id ?? DocumentId.New(), DocumentJson.Verbatim(body))], notify ? Describe : null, cancellationToken);
        return failure is null ? ApiResult.Ok(DocumentAnswers.Whole(outcomes[0].After!)) : failure;
    }

    private async ValueTask<ApiResult> WriteManyAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var items = arguments.FromBody("documents", JsonValueKind.Array);
        var notify = arguments.Switch("notify");
        var strict = arguments.Switch("strict");
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var batch = new Batch();
        foreach (var item in items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
            {
                batch.RefuseShape(item, "document body must be an object");
            }
            else if (DocumentWriter.FindFault(name, definition, body) is { } fault)
            {
                batch.Refuse(DocumentAnswers.NodeOf(item), fault.Message, fault.Status);
            }
            else
            {
                batch.Add(item, new PutDocument(IdOf(item) ?? DocumentId.New(), DocumentJson.Verbatim(body)));
            }
        }

        var (outcomes, failure) = await documents.WriteAsync(request, name, batch.Writes, notify ? Describe : null, cancellationToken);
        if (failure is not null) return failure;

        foreach (var outcome in outcomes) batch.Succeed(DocumentAnswers.Whole(outcome.After!));
        return batch.Answer(strict, "write");
    }

    private static (string Action, JsonObject Result)? Describe(int write, WriteOutcome outcome) =>
        (outcome.Created ? "create" : "replace", DocumentAnswers.WholeAndCreated(outcome));

    private static string? IdOf(JsonElement item) =>
        item.TryGetProperty("_id", out var id) && id.ValueKind == JsonValueKind.String && id.GetString() is { Length: > 0 } text ? text : null;
}
