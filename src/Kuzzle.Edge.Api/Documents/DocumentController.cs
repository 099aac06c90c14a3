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
    private static readonly JsonElement EmptyObject = JsonElement.Parse("{}");

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
    ];

    private async ValueTask<ApiResult> CreateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.OptionalId();
        var sent = arguments.Body();
        var silent = arguments.Switch("silent");
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var (body, fault) = await documents.AdmitWholeAsync(name, definition, sent, cancellationToken);
        if (fault is not null) return fault;

        var write = new CreateDocument(id ?? DocumentId.New(), DocumentJson.Compose(body, Metadata.Created(request)));
        return await WriteAsync(request, name, write, silent, "create", DocumentAnswers.Whole, DocumentAnswers.Whole, cancellationToken);
    }

    private async ValueTask<ApiResult> CreateOrReplaceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var (sent, refusal) = await ReadWholeAsync(request, cancellationToken);
        if (refusal is not null) return refusal;

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            sent.Collection,
            [new PutDocument(sent.Id, DocumentJson.Compose(sent.Body, Metadata.CreatedAndUpdated(request)))],
            sent.IsSilent ? null : (_, outcome) => (outcome.Created ? "create" : "replace", DocumentAnswers.WholeAndCreated(outcome)),
            cancellationToken);
        return failure is null ? ApiResult.Ok(DocumentAnswers.WholeAndCreated(outcomes[0])) : failure;
    }

    private async ValueTask<ApiResult> ReplaceAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var (sent, refusal) = await ReadWholeAsync(request, cancellationToken);
        if (refusal is not null) return refusal;

        // The notification carries what was sent, without metadata.
        JsonObject AsSent(StoredDocument document)
        {
            var source = new JsonObject();
            foreach (var (member, value) in DocumentJson.MembersOf(sent.Body))
            {
                if (member != Metadata.Name) source[member] = DocumentAnswers.NodeOf(value);
            }

            return new JsonObject { ["_id"] = document.Id, ["_source"] = source };
        }

        var write = new ReplaceDocument(sent.Id, DocumentJson.Compose(sent.Body, Metadata.CreatedAndUpdated(request)));
        return await WriteAsync(request, sent.Collection, write, sent.IsSilent, "replace", DocumentAnswers.Whole, AsSent, cancellationToken);
    }

    private async ValueTask<ApiResult> UpdateAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.Id();
        var body = arguments.Body();
        var silent = arguments.Switch("silent");
        var source = arguments.Switch("source");
        arguments.Integer("retryOnConflict", 0);
        arguments.Refresh();
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        if (DocumentWriter.FindFault(name, definition, body) is { } fault) return fault;

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

        var specification = await documents.FindSpecificationAsync(name, cancellationToken);
        return await WriteAsync(
            request, name, new UpdateDocument(id, body, request, specification: specification), silent, "update", AsAsked, document => DocumentAnswers.Updated(document, body), cancellationToken);
    }

    private async ValueTask<ApiResult> UpsertAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.Id();
        var changes = arguments.FromBody("changes", JsonValueKind.Object);
        var otherwise = arguments.FromBody("default", JsonValueKind.Object, EmptyObject);
        var silent = arguments.Switch("silent");
        var source = arguments.Switch("source");
        arguments.Refresh();
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var specification = await documents.FindSpecificationAsync(name, cancellationToken);
        var whole = DocumentWriter.Complete(specification, DocumentJson.Merge(otherwise, changes, Metadata.CreatedAndUpdated(request)));
        if (DocumentWriter.FindFault(name, definition, JsonElement.Parse(whole.Span)) is { } fault) return fault;

        var write = new UpdateDocument(id, changes, request, whole, specification);

        var (outcomes, failure) = await documents.WriteAsync(
            request,
            name,
            [write],
            silent ? null : (_, outcome) => outcome.Created ? ("create", DocumentAnswers.WholeAndCreated(outcome)) : ("update", DocumentAnswers.Updated(outcome.After!, changes)),
            cancellationToken);
        if ((failure ?? write.Fault) is { } unfit) return unfit;

        var document = outcomes[0].After!;
        var answer = new JsonObject { ["_id"] = id, ["_version"] = document.Version, ["created"] = outcomes[0].Created };
        if (source) answer["_source"] = DocumentAnswers.Source(document);
        return ApiResult.Ok(answer);
    }

    private async ValueTask<ApiResult> DeleteFieldsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.Id();
        var fields = arguments.FromBody("fields", JsonValueKind.Array);
        var silent = arguments.Switch("silent");
        var source = arguments.Switch("source");
        arguments.Refresh();
        arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

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
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.Id();
        var silent = arguments.Switch("silent");
        var source = arguments.Switch("source");
        arguments.Refresh();
        arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

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
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.Id();
        if (id == "_search") arguments.Refuse(StorageErrors.SearchAsAnId());
        arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        var document = await documents.Store.FindAsync(name, id, cancellationToken);
        return document is null ? StorageErrors.NotFound(id, name) : ApiResult.Ok(DocumentAnswers.Whole(document));
    }

    private async ValueTask<ApiResult> ExistsAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.Id();
        arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return refusal;

        return ApiResult.Ok(await documents.Store.FindAsync(name, id, cancellationToken) is not null);
    }

    /// <summary>What a request says of a whole document with an identifier, or why it is refused.</summary>
    private async ValueTask<(WholeDocument Sent, ApiError? Refusal)> ReadWholeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var arguments = new Arguments(request);
        var name = arguments.Collection();
        var id = arguments.Id();
        var body = arguments.Body();
        var silent = arguments.Switch("silent");
        arguments.Refresh();
        var definition = arguments.Existing(name, documents);
        if (arguments.AreWrong(out var refusal)) return (default, refusal);

        var (admitted, fault) = await documents.AdmitWholeAsync(name, definition, body, cancellationToken);
        return (new WholeDocument(name, id, admitted, silent), fault);
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
        if ((failure ?? (write as UpdateDocument)?.Fault) is { } unfit) return unfit;

        var done = outcomes[0];
        return done.Kind switch
        {
            DocumentChangeKind.AlreadyExists => StorageErrors.DocumentAlreadyExists(),
            DocumentChangeKind.NotFound => StorageErrors.NotFound(write.Id, name),
            _ => ApiResult.Ok(answer(done.After ?? done.Before!)),
        };
    }

    private readonly record struct WholeDocument(CollectionName Collection, string Id, JsonElement Body, bool IsSilent);
}
