using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Errors;
using Kuzzle.Edge.Api.Mappings;
using Kuzzle.Edge.Api.Realtime;
using Kuzzle.Edge.Api.Requests;
using Kuzzle.Edge.Api.Specifications;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Api.Documents;

/// <summary>What all actions on documents share: the checks before, the commit, and the notifications after it in the order of the commits.</summary>
internal sealed partial class DocumentWriter(IDocumentStore store, SpecificationShelf specifications, RealtimeEngine realtime, ILogger logger)
{
    private readonly CommitOrder _order = new();
    private readonly List<Func<CollectionName, ApiError?>> _guards = [];

    /// <summary>Definitions that no document changes, which are most: each write asks, and a mapping may have hundreds of fields to look at.</summary>
    private readonly ConditionalWeakTable<CollectionDefinition, DocumentWriter> _unchanging = [];

    public IDocumentStore Store => store;

    /// <summary>Keeps collections from everybody but this process.</summary>
    public void AddGuard(Func<CollectionName, ApiError?> findFault) => _guards.Add(findFault);

    /// <summary>The request's collection, which must exist.</summary>
    public bool TryGetCollection(
        ApiRequest request, out CollectionName name, [NotNullWhen(true)] out CollectionDefinition? definition, [NotNullWhen(false)] out ApiError? refusal)
    {
        definition = null;
        return request.TryGetCollection(out name, out refusal) && TryGetCollection(name, out definition, out refusal);
    }

    /// <inheritdoc cref="TryGetCollection(ApiRequest, out CollectionName, out CollectionDefinition?, out ApiError?)"/>
    public bool TryGetCollection(CollectionName name, [NotNullWhen(true)] out CollectionDefinition? definition, [NotNullWhen(false)] out ApiError? refusal)
    {
        var catalogue = store.Catalogue;
        definition = null;
        refusal = !catalogue.TryGetPublicIndex(name.Index, out _) ? StorageErrors.UnknownIndex(name.Index)
            : !catalogue.TryGetCollection(name, out definition) ? StorageErrors.UnknownCollection(name)
            : null;
        return refusal is null;
    }

    /// <summary>What the documents of a collection must be, or null.</summary>
    public ValueTask<Specification?> FindSpecificationAsync(CollectionName name, CancellationToken cancellationToken) => specifications.FindAsync(name, cancellationToken);

    /// <summary>A document that may come to be, with the default values that it lacks.</summary>
    public static ReadOnlyMemory<byte> Complete(Specification? specification, ReadOnlyMemory<byte> json) =>
        specification is null ? json : DocumentJson.Verbatim(specification.Complete(JsonElement.Parse(json.Span)));

    /// <summary>Whether the collection's specification and mapping let a whole document in; answers it with the default values that it lacked.</summary>
    public async ValueTask<(JsonElement Body, ApiError? Fault)> AdmitWholeAsync(
        CollectionName name, CollectionDefinition definition, JsonElement body, CancellationToken cancellationToken)
    {
        if (await FindSpecificationAsync(name, cancellationToken) is { } specification)
        {
            body = specification.Complete(body);
            if (specification.Check(body).First is { } fault) return (body, fault);
        }

        return (body, FindFault(name, definition, body));
    }

    /// <summary>Why the mapping does not let the document in, or null.</summary>
    public static ApiError? FindFault(CollectionName name, CollectionDefinition definition, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Object && body.TryGetProperty("_routing", out _)) return StorageErrors.NoRouting();
        return MappingRules.FindUnmapped(definition.Mapping, body) is { } field ? StorageErrors.StrictMappingRejection(field, name) : null;
    }

    /// <summary>
    /// Commits, grows a dynamic mapping by what is new in the documents that were stored, and tells those who listen. <paramref name="describe"/> is asked for each write that was done what its notification carries: the action, and the result; null
    /// for nothing. It may be asked on another request's turn, so it must not touch anything that is not its own.
    /// </summary>
    public async Task<(IReadOnlyList<WriteOutcome> Outcomes, ApiError? Refusal)> WriteAsync(
        ApiRequest request,
        CollectionName name,
        IReadOnlyList<DocumentWrite> writes,
        Func<int, WriteOutcome, (string Action, JsonObject Result)?>? describe,
        CancellationToken cancellationToken)
    {
        if (request.Caller.Kuid is not null && FindGuarded(name) is { } guarded) return ([], guarded);

        var committing = _order.Begin(() => store.WriteAsync(name, writes, cancellationToken), out var place);
        IReadOnlyList<WriteOutcome>? outcomes = null;
        try
        {
            outcomes = await committing;
        }
        finally
        {
            _order.Leave(place, () => Notify(request, name, outcomes, describe));
        }

        if (outcomes is null) return ([], StorageErrors.UnknownCollection(name));

        await GrowAsync(name, outcomes);
        return (outcomes, null);
    }

    /// <summary>
    /// As for one collection, for what this process writes into several of them: one commit. Answers null when one of the collections does not exist; then nothing was written. What is
    /// written into the hidden index is told to nobody.
    /// </summary>
    public async Task<IReadOnlyList<WriteOutcome>?> WriteAsync(
        ApiRequest request,
        IReadOnlyList<(CollectionName Collection, DocumentWrite Write)> writes,
        Func<WriteOutcome, (string Action, JsonObject Result)?> describe,
        CancellationToken cancellationToken)
    {
        var committing = _order.Begin(() => store.WriteAsync(writes, cancellationToken), out var place);
        IReadOnlyList<WriteOutcome>? outcomes = null;
        try
        {
            outcomes = await committing;
        }
        finally
        {
            _order.Leave(place, () =>
            {
                for (var i = 0; i < outcomes?.Count; i++)
                {
                    if (writes[i].Collection.Index != InternalIndex.Name) Notify(request, writes[i].Collection, [outcomes[i]], (_, outcome) => describe(outcome));
                }
            });
        }

        if (outcomes is null) return null;

        foreach (var written in outcomes.Select((outcome, i) => (writes[i].Collection, outcome)).GroupBy(static written => written.Collection, static written => written.outcome))
        {
            await GrowAsync(written.Key, [.. written]);
        }

        return outcomes;
    }

    /// <summary>
    /// After the documents rather than before them: a write that is refused in the end has grown nothing. A power cut between the two leaves a field without its mapping, which is
    /// searched as well (slower), until the next document has it.
    /// </summary>
    private async Task GrowAsync(CollectionName name, IReadOnlyList<WriteOutcome> outcomes)
    {
        if (!store.Catalogue.TryGetCollection(name, out var definition) || !CanGrow(definition)) return;

        var sources = outcomes.Where(outcome => outcome.Kind == DocumentChangeKind.Put).Select(outcome => outcome.After!.Source).ToList();
        if (MappingRules.Infer(definition.Mapping, sources) is null) return;

        try
        {
            await store.DefineCollectionAsync(
                name,
                before => before is null ? definition : before with { Mapping = MappingRules.Infer(before.Mapping, sources) ?? before.Mapping },
                CancellationToken.None);
        }
        catch (DocumentStoreException exception)
        {
            // The documents are stored, and their sender is to hear that.
            LogNotGrown(logger, name.Index, name.Collection, exception);
        }
    }

    private ApiError? FindGuarded(CollectionName name)
    {
        foreach (var guard in _guards)
        {
            if (guard(name) is { } fault) return fault;
        }

        return null;
    }

    private bool CanGrow(CollectionDefinition definition)
    {
        if (_unchanging.TryGetValue(definition, out _)) return false;
        if (MappingRules.CanGrow(definition.Mapping)) return true;

        _unchanging.TryAdd(definition, this);
        return false;
    }

    private void Notify(
        ApiRequest request, CollectionName name, IReadOnlyList<WriteOutcome>? outcomes, Func<int, WriteOutcome, (string Action, JsonObject Result)?>? describe)
    {
        if (outcomes is null || describe is null) return;

        for (var i = 0; i < outcomes.Count; i++)
        {
            try
            {
                if (outcomes[i].Kind is DocumentChangeKind.Put or DocumentChangeKind.Delete) Notify(request, name, outcomes[i], describe(i, outcomes[i]));
            }
            catch (Exception exception)
            {
                // What is stored is stored, and this may run on the turn of another request: nobody else's answer or notification depends on this one.
                LogUnnotified(logger, name.Index, name.Collection, exception);
            }
        }
    }

    private void Notify(ApiRequest request, CollectionName name, WriteOutcome outcome, (string Action, JsonObject Result)? description)
    {
        if (description is not { } told) return;
        if (outcome.After is { } after) realtime.Written(request, name, after, told.Action, told.Result);
        else realtime.Deleted(request, name, outcome.Before!, told.Result);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "A write in {Index}/{Collection} is stored, but the mapping did not grow by its fields; the next one that has them will do it")]
    private static partial void LogNotGrown(ILogger logger, string index, string collection, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A write in {Index}/{Collection} is stored, but its notification failed")]
    private static partial void LogUnnotified(ILogger logger, string index, string collection, Exception exception);
}
