using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>The actions of <c>document</c> on several documents by name: each item succeeds or is refused for itself.</summary>
internal sealed class MultipleDocumentController(DocumentWriter documents, ApiLimits limits)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("mCreate", (request, cancellationToken) => PutAsync(request, Existing.Refused, cancellationToken)),
        new("mCreateOrReplace", (request, cancellationToken) => PutAsync(request, Existing.Replaced, cancellationToken)),
        new("mReplace", (request, cancellationToken) => PutAsync(request, Existing.Required, cancellationToken)),
        new("mUpdate", (request, cancellationToken) => UpdateAsync(request, isUpsert: false, cancellationToken)),
        new("mUpsert", (request, cancellationToken) => UpdateAsync(request, isUpsert: true, cancellationToken)),
        new("mDelete", DeleteAsync),
        new("mGet", GetAsync),
        new("mExists", ExistsAsync),
    ];

    /// <summary>What a put makes of a document that is there already.</summary>
    private enum Existing
    {
        Refused,
        Replaced,
        Required,
    }

    private async ValueTask<ApiResult> PutAsync(ApiRequest request, Existing existing, CancellationToken cancellationToken)
    {
        if (!TryRead(request, "documents", out var many, out var refusal)) return refusal;

        var showsSource = !(existing == Existing.Replaced && request.Argument("source").ValueKind == JsonValueKind.False);
        var batch = new Batch();
        foreach (var item in many.Items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty("body", out var body) || body.ValueKind != JsonValueKind.Object)
            {
                batch.RefuseShape(item, "document body must be an object");
            }
            else if (!TryGetId(item, out var id) && existing == Existing.Required)
            {
                batch.RefuseShape(item, "document _id must be a string");
            }
            else
            {
                var (admitted, fault) = await documents.AdmitWholeAsync(many.Name, many.Definition, body, cancellationToken);
                if (fault is not null)
                {
                    batch.Refuse(DocumentAnswers.NodeOf(item), fault.Message, fault.Status);
                    continue;
                }

                var json = DocumentJson.Compose(admitted, Metadata.Created(request));
                id ??= DocumentId.New();
                batch.Add(item, existing switch
                {
                    Existing.Refused => new CreateDocument(id, json),
                    Existing.Replaced => new PutDocument(id, json),
                    _ => new ReplaceDocument(id, json),
                });
            }
        }

        JsonObject Describe(WriteOutcome outcome)
        {
            var answer = DocumentAnswers.Whole(outcome.After!);
            answer["created"] = outcome.Created;
            answer["result"] = outcome.Created ? "created" : "updated";
            answer["status"] = outcome.Created ? 201 : 200;
            return answer;
        }

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            many.Name,
            batch.Writes,
            many.Silent ? null : (_, outcome) => (outcome.Created ? "create" : "replace", Describe(outcome)),
            cancellationToken);
        if (failure is not null) return failure;

        for (var i = 0; i < outcomes.Count; i++)
        {
            var item = batch.ItemOf(i);
            if (outcomes[i].Kind != DocumentChangeKind.Put)
            {
                var shown = new JsonObject { ["_id"] = batch.Writes[i].Id, ["body"] = DocumentAnswers.NodeOf(item.GetProperty("body")) };
                if (outcomes[i].Kind == DocumentChangeKind.AlreadyExists) batch.Refuse(shown, "document already exists", 400);
                else batch.Refuse(shown, "document not found", 404);
                continue;
            }

            var answer = Describe(outcomes[i]);
            if (!showsSource) answer.Remove("_source");
            batch.Succeed(answer);
        }

        return batch.Answer(many.Strict, request.Action);
    }

    private async ValueTask<ApiResult> UpdateAsync(ApiRequest request, bool isUpsert, CancellationToken cancellationToken)
    {
        if (!TryRead(request, "documents", out var many, out var refusal)) return refusal;

        var member = isUpsert ? "changes" : "body";
        var specification = await documents.FindSpecificationAsync(many.Name, cancellationToken);
        var batch = new Batch();
        foreach (var item in many.Items.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(member, out var changes) || changes.ValueKind != JsonValueKind.Object)
            {
                batch.RefuseShape(item, $"document {member} must be an object");
            }
            else if (isUpsert && item.TryGetProperty("default", out var given) && given.ValueKind is not (JsonValueKind.Object or JsonValueKind.Null))
            {
                batch.RefuseShape(item, "document default must be an object");
            }
            else if (!TryGetId(item, out var id))
            {
                batch.RefuseShape(item, "document _id must be a string");
            }
            else
            {
                // What is admitted is all that may be stored: the changes, and with an upsert the whole document that they may become.
                var whole = isUpsert ? DocumentWriter.Complete(specification, WholeOf(item, changes, request)) : (ReadOnlyMemory<byte>?)null;
                var body = whole is { } json ? JsonElement.Parse(json.Span) : changes;
                if (DocumentWriter.FindFault(many.Name, many.Definition, body) is { } fault)
                {
                    batch.Refuse(DocumentAnswers.NodeOf(item), fault.Message, fault.Status);
                }
                else
                {
                    batch.Add(item, new UpdateDocument(id, changes, request, whole, specification));
                }
            }
        }

        JsonObject Describe(int write, WriteOutcome outcome)
        {
            var answer = DocumentAnswers.Whole(outcome.After!);
            if (isUpsert) answer["created"] = outcome.Created;
            answer["status"] = outcome.Created ? 201 : 200;
            if (!outcome.Created && !many.Silent) answer["_updatedFields"] = DocumentAnswers.Fields(DocumentJson.LeavesOf(batch.ItemOf(write).GetProperty(member)));
            return answer;
        }

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            many.Name,
            batch.Writes,
            many.Silent ? null : (write, outcome) => (outcome.Created ? "create" : "update", Describe(write, outcome)),
            cancellationToken);
        if (failure is not null) return failure;

        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Kind == DocumentChangeKind.Put) batch.Succeed(Describe(i, outcomes[i]));
            else if (batch.Writes[i] is UpdateDocument { Fault: { } fault }) batch.Refuse(DocumentAnswers.NodeOf(batch.ItemOf(i)), fault.Message, fault.Status);
            else batch.Refuse(NotFound(batch.ItemOf(i), request), "document not found", 404);
        }

        return batch.Answer(many.Strict, request.Action);
    }

    private static ReadOnlyMemory<byte> WholeOf(JsonElement item, JsonElement changes, ApiRequest request)
    {
        var otherwise = item.TryGetProperty("default", out var given) && given.ValueKind == JsonValueKind.Object ? given : JsonElement.Parse("{}");
        return DocumentJson.Merge(otherwise, changes, Metadata.OnlyCreated(request));
    }

    /// <summary>The refused item as Kuzzle shows it: with the metadata that it would have got.</summary>
    private static JsonObject NotFound(JsonElement item, ApiRequest request)
    {
        var body = new JsonObject { [Metadata.Name] = new JsonObject { ["updatedAt"] = request.Timestamp, ["updater"] = request.Caller.Kuid } };
        foreach (var member in item.GetProperty("body").EnumerateObject()) body[member.Name] = DocumentAnswers.NodeOf(member.Value);
        return new JsonObject { ["_id"] = item.GetProperty("_id").GetString(), ["body"] = body };
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!TryRead(request, "ids", out var many, out var refusal)) return refusal;

        var batch = new Batch();
        foreach (var item in many.Items.EnumerateArray())
        {
            if (item.ValueKind == JsonValueKind.String) batch.Add(item, new DeleteDocument(item.GetString()!));
            else batch.Fail(Refusal(DocumentAnswers.NodeOf(item), "document _id must be a string", 400));
        }

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            many.Name,
            batch.Writes,
            many.Silent ? null : (_, outcome) => ("delete", DocumentAnswers.WithoutVersion(outcome.Before!)),
            cancellationToken);
        if (failure is not null) return failure;

        for (var i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i].Kind == DocumentChangeKind.Delete) batch.Succeed(batch.Writes[i].Id);
            else batch.Fail(Refusal(batch.Writes[i].Id, "document not found", 404));
        }

        return batch.Answer(many.Strict, "delete");

        static JsonObject Refusal(JsonNode? id, string reason, int status) => new() { ["_id"] = id, ["reason"] = reason, ["status"] = status };
    }

    private async ValueTask<ApiResult> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!TryReadIds(request, out var name, out var ids, out var strict, out var refusal)) return refusal;

        var batch = new Batch();
        var found = await documents.Store.FindAsync(name, ids, cancellationToken);
        for (var i = 0; i < ids.Count; i++)
        {
            if (found[i] is { } document) batch.Succeed(DocumentAnswers.Whole(document));
            else batch.Fail(ids[i]);
        }

        return batch.Answer(strict, "get");
    }

    private async ValueTask<ApiResult> ExistsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!TryReadIds(request, out var name, out var ids, out var strict, out var refusal)) return refusal;

        var batch = new Batch();
        var found = await documents.Store.FindAsync(name, ids, cancellationToken);
        for (var i = 0; i < ids.Count; i++)
        {
            if (found[i] is null) batch.Fail(ids[i]);
            else batch.Succeed(ids[i]);
        }

        return batch.Answer(strict, "get");
    }

    private bool TryReadIds(ApiRequest request, out CollectionName name, out List<string> ids, out bool strict, [NotNullWhen(false)] out ApiError? refusal)
    {
        var arguments = new Arguments(request);
        name = arguments.Collection();
        var given = request.Argument("ids");
        if (request.Body.ValueKind == JsonValueKind.Object && request.Body.TryGetProperty("ids", out var inBody)) given = inBody;
        ids = [];
        if (given.ValueKind == JsonValueKind.Undefined) arguments.FromBody("ids", JsonValueKind.Array);
        else arguments.Refuse(TryReadTexts(given, ids) ? null : AssertErrors.InvalidType("body.ids", "array of strings"));
        if (ids.Count == 0) arguments.Refuse(AssertErrors.MissingArgument("ids"));
        if (ids.Count > limits.DocumentsFetchCount) arguments.Refuse(StorageErrors.GetLimitExceeded(limits.DocumentsFetchCount));
        strict = arguments.Switch("strict");
        arguments.Existing(name, documents);
        return !arguments.AreWrong(out refusal);
    }

    private static bool TryReadTexts(JsonElement given, List<string> texts)
    {
        if (given.ValueKind != JsonValueKind.Array || given.EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String)) return false;

        texts.AddRange(given.EnumerateArray().Select(text => text.GetString()!));
        return true;
    }

    private bool TryRead(ApiRequest request, string items, out Many many, [NotNullWhen(false)] out ApiError? refusal)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var array = arguments.FromBody(items, JsonValueKind.Array);
        var silent = arguments.Switch("silent");
        var strict = arguments.Switch("strict");
        arguments.Integer("retryOnConflict", 0);
        arguments.Refresh();
        if (array.ValueKind == JsonValueKind.Array && array.GetArrayLength() > limits.DocumentsWriteCount) arguments.Refuse(StorageErrors.WriteLimitExceeded(limits.DocumentsWriteCount));
        many = new Many(name, arguments.Existing(name, documents), array, silent, strict);
        return !arguments.AreWrong(out refusal);
    }

    private static bool TryGetId(JsonElement item, [NotNullWhen(true)] out string? id)
    {
        id = item.TryGetProperty("_id", out var given) && given.ValueKind == JsonValueKind.String ? given.GetString() : null;
        if (id is { Length: 0 }) id = null;
        return id is not null;
    }

    private readonly record struct Many(CollectionName Name, CollectionDefinition Definition, JsonElement Items, bool Silent, bool Strict);
}
