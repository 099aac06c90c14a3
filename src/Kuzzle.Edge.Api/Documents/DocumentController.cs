using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Controllers;
using Kuzzle.Edge.Api.Documents.Writes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>The actions of <c>document</c> on one document.</summary>
internal sealed class DocumentController(DocumentWriter documents)
{
    public IEnumerable<KeyValuePair<string, ActionHandler>> Actions =>
    [
        new("create", CreateAsync),
        new("createOrReplace", CreateOrReplaceAsync),
        new("replace", ReplaceAsync),
        new("update", UpdateAsync),
        new("upsert", UpsertAsync),
        new("deleteFields", DeleteFieldsAsync),
        new("delete", DeleteAsync),
        new("get", GetAsync),
        new("exists", ExistsAsync),
        new("validate", Controller.AtOnce(Validate)),
    ];

    private async ValueTask<ApiResult> CreateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)
            || !request.TryGetOptionalId(out var id, out refusal)
            || !request.TryGetBodyObject(out var body, out refusal)
            || !request.TryGetSwitch("silent", out var silent, out refusal)
            || !documents.TryGetCollection(name, out var definition, out refusal))
        {
            return refusal;
        }

        if (await documents.AdmitAsync(name, definition, body, cancellationToken) is { } fault) return fault;

        var write = new CreateDocument(id ?? DocumentId.New(), DocumentJson.Compose(body, Metadata.Created(request)));
        return await WriteAsync(request, name, write, silent, "create", DocumentAnswers.Whole, DocumentAnswers.Whole, cancellationToken);
    }

    private async ValueTask<ApiResult> CreateOrReplaceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)
            || !request.TryGetId(out var id, out refusal)
            || !request.TryGetBodyObject(out var body, out refusal)
            || !request.TryGetSwitch("silent", out var silent, out refusal)
            || !request.TryCheckRefresh(out refusal)
            || !documents.TryGetCollection(name, out var definition, out refusal))
        {
            return refusal;
        }

        if (await documents.AdmitAsync(name, definition, body, cancellationToken) is { } fault) return fault;

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            name,
            [new PutDocument(id, DocumentJson.Compose(body, Metadata.CreatedAndUpdated(request)))],
            silent ? null : (_, outcome) => (outcome.Created ? "create" : "replace", DocumentAnswers.WholeAndCreated(outcome)),
            cancellationToken);
        return failure is null ? ApiResult.Ok(DocumentAnswers.WholeAndCreated(outcomes[0])) : failure;
    }

    private async ValueTask<ApiResult> ReplaceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)
            || !request.TryGetId(out var id, out refusal)
            || !request.TryGetBodyObject(out var body, out refusal)
            || !request.TryGetSwitch("silent", out var silent, out refusal)
            || !request.TryCheckRefresh(out refusal)
            || !documents.TryGetCollection(name, out var definition, out refusal))
        {
            return refusal;
        }

        if (await documents.AdmitAsync(name, definition, body, cancellationToken) is { } fault) return fault;

        // The notification carries what was sent, without metadata.
        JsonObject AsSent(StoredDocument document)
        {
            var source = new JsonObject();
            foreach (var (member, value) in DocumentJson.MembersOf(body))
            {
                if (member != Metadata.Name) source[member] = DocumentAnswers.NodeOf(value);
            }

            return new JsonObject { ["_id"] = document.Id, ["_source"] = source };
        }

        var write = new ReplaceDocument(id, DocumentJson.Compose(body, Metadata.CreatedAndUpdated(request)));
        return await WriteAsync(request, name, write, silent, "replace", DocumentAnswers.Whole, AsSent, cancellationToken);
    }

    private async ValueTask<ApiResult> UpdateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)
            || !request.TryGetId(out var id, out refusal)
            || !request.TryGetBodyObject(out var body, out refusal)
            || !request.TryGetSwitch("silent", out var silent, out refusal)
            || !request.TryGetSwitch("source", out var source, out refusal)
            || !request.TryGetInteger("retryOnConflict", 0, out _, out refusal)
            || !request.TryCheckRefresh(out refusal)
            || !documents.TryGetCollection(name, out var definition, out refusal))
        {
            return refusal;
        }

        if (await documents.AdmitAsync(name, definition, body, cancellationToken) is { } fault) return fault;

        JsonObject AsAsked(StoredDocument document)
        {
            var answer = DocumentAnswers.Whole(document);
            if (source) return answer;

            var sent = new JsonObject();
            foreach (var (member, value) in DocumentJson.MembersOf(body))
            {
                if (member != Metadata.Name) sent[member] = DocumentAnswers.NodeOf(value);
            }

            sent[Metadata.Name] = JsonObject.Create(document.Source.GetProperty(Metadata.Name));
            answer["_source"] = sent;
            return answer;
        }

        return await WriteAsync(
            request, name, new UpdateDocument(id, body, request), silent, "update", AsAsked, document => DocumentAnswers.Updated(document, body), cancellationToken);
    }

    private async ValueTask<ApiResult> UpsertAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)
            || !request.TryGetId(out var id, out refusal)
            || !request.TryGetFromBody("changes", JsonValueKind.Object, out var changes, out refusal)
            || !request.TryGetSwitch("silent", out var silent, out refusal)
            || !request.TryGetSwitch("source", out var source, out refusal)
            || !request.TryCheckRefresh(out refusal)
            || !documents.TryGetCollection(name, out var definition, out refusal))
        {
            return refusal;
        }

        var otherwise = request.Body.TryGetProperty("default", out var given) && given.ValueKind == JsonValueKind.Object ? given : default;
        var whole = DocumentJson.Merge(
            otherwise.ValueKind == JsonValueKind.Object ? otherwise : JsonElement.Parse("{}"), changes, Metadata.CreatedAndUpdated(request));
        if (await documents.AdmitAsync(name, definition, JsonElement.Parse(whole.Span), cancellationToken) is { } fault) return fault;

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            name,
            [new UpdateDocument(id, changes, request, whole)],
            silent ? null : (_, outcome) => outcome.Created ? ("create", DocumentAnswers.WholeAndCreated(outcome)) : ("update", DocumentAnswers.Updated(outcome.After!, changes)),
            cancellationToken);
        if (failure is not null) return failure;

        var document = outcomes[0].After!;
        var answer = new JsonObject { ["_id"] = id, ["_version"] = document.Version, ["created"] = outcomes[0].Created };
        if (source) answer["_source"] = DocumentAnswers.Source(document);
        return ApiResult.Ok(answer);
    }

    private async ValueTask<ApiResult> DeleteFieldsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)
            || !request.TryGetId(out var id, out refusal)
            || !request.TryGetFromBody("fields", JsonValueKind.Array, out var fields, out refusal)
            || !request.TryGetSwitch("silent", out var silent, out refusal)
            || !request.TryGetSwitch("source", out var source, out refusal)
            || !request.TryCheckRefresh(out refusal)
            || !documents.TryGetCollection(name, out _, out refusal))
        {
            return refusal;
        }

        var paths = fields.EnumerateArray().Where(field => field.ValueKind == JsonValueKind.String).Select(field => field.GetString()!).ToHashSet(StringComparer.Ordinal);
        JsonObject AsAsked(StoredDocument document)
        {
            var answer = new JsonObject { ["_id"] = document.Id, ["_version"] = document.Version };
            if (source) answer["_source"] = DocumentAnswers.Source(document);
            return answer;
        }

        return await WriteAsync(
            request, name, new DeleteFields(id, paths, request), silent, "update", AsAsked, DocumentAnswers.WithoutVersion, cancellationToken);
    }

    private async ValueTask<ApiResult> DeleteAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)
            || !request.TryGetId(out var id, out refusal)
            || !request.TryGetSwitch("silent", out var silent, out refusal)
            || !request.TryGetSwitch("source", out var source, out refusal)
            || !request.TryCheckRefresh(out refusal)
            || !documents.TryGetCollection(name, out _, out refusal))
        {
            return refusal;
        }

        return await WriteAsync(
            request,
            name,
            new DeleteDocument(id),
            silent,
            "delete",
            document => source ? DocumentAnswers.Whole(document) : new JsonObject { ["_id"] = document.Id },
            DocumentAnswers.Whole,
            cancellationToken);
    }

    private async ValueTask<ApiResult> GetAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal) || !request.TryGetId(out var id, out refusal)) return refusal;
        if (id == "_search") return StorageErrors.SearchAsAnId();
        if (!documents.TryGetCollection(name, out _, out refusal)) return refusal;

        var document = await documents.Store.FindAsync(name, id, cancellationToken);
        return document is null ? StorageErrors.NotFound(id, name) : ApiResult.Ok(DocumentAnswers.Whole(document));
    }

    private async ValueTask<ApiResult> ExistsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (!request.TryGetCollection(out var name, out var refusal)
            || !request.TryGetId(out var id, out refusal)
            || !documents.TryGetCollection(name, out _, out refusal))
        {
            return refusal;
        }

        return ApiResult.Ok(await documents.Store.FindAsync(name, id, cancellationToken) is not null);
    }

    // Without a validation specification every document is valid; there are no specifications yet.
    private static ApiResult Validate(ApiRequest request)
    {
        if (!request.TryGetCollection(out _, out var refusal) || !request.TryGetBodyObject(out _, out refusal)) return refusal;
        return ApiResult.Ok(new JsonObject { ["errorMessages"] = new JsonObject(), ["valid"] = true });
    }

    private async ValueTask<ApiResult> WriteAsync(
        ApiRequest request,
        CollectionName name,
        DocumentWrite write,
        bool silent,
        string action,
        Func<StoredDocument, JsonObject> answer,
        Func<StoredDocument, JsonObject> notification,
        CancellationToken cancellationToken)
    {
        var (outcomes, failure) = await documents.WriteAsync(
            request, name, [write], silent ? null : (_, outcome) => (action, notification(outcome.After ?? outcome.Before!)), cancellationToken);
        if (failure is not null) return failure;

        var done = outcomes[0];
        return done.Kind switch
        {
            DocumentChangeKind.AlreadyExists => StorageErrors.DocumentAlreadyExists(),
            DocumentChangeKind.NotFound => StorageErrors.NotFound(write.Id, name),
            _ => ApiResult.Ok(answer(done.After ?? done.Before!)),
        };
    }
}
