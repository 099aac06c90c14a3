using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Replicating;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sync.Draining;

/// <summary>
/// Sends what was here before there was a rule, once; what was known of another upstream is forgotten first. What is made while a rule is for it enters the outbox by itself; so a
/// collection that appears while the link lives is only noted as entered. Belongs to the loop of the link.
/// </summary>
internal sealed partial class FirstUpload(IOutbox outbox, IDocumentStore store, ProgressBook progress, SyncRules rules, ILogger logger)
{
    private readonly HashSet<CollectionName> _known = [];
    private bool _isDone;

    /// <summary>Enters all that was not, if that has not been done since the process began.</summary>
    public async Task EnterAsync(CancellationToken cancellationToken)
    {
        if (_isDone) return;

        await progress.ForgetOtherUpstreamAsync(outbox, cancellationToken);
        foreach (var collection in store.Catalogue.PublicCollections)
        {
            if (rules.TryFind(collection, out var rule) && rule.Direction != SyncDirection.Down) await EnterAsync(collection, rule, cancellationToken);
        }

        _isDone = true;
    }

    /// <summary>Changes of a collection went up.</summary>
    public async ValueTask NoteAsync(CollectionName collection, SyncRule rule, CancellationToken cancellationToken)
    {
        if (!_isDone || !_known.Add(collection)) return;

        var noted = await progress.FindAsync(collection, rule, cancellationToken);
        if (!noted.IsEntered) await progress.SaveAsync(collection, rule, noted with { IsEntered = true }, cancellationToken);
    }

    private async Task EnterAsync(CollectionName collection, SyncRule rule, CancellationToken cancellationToken)
    {
        var noted = await progress.FindAsync(collection, rule, cancellationToken);
        try
        {
            if (!noted.IsEntered)
            {
                var documents = await outbox.EnqueueAnewAsync(collection, cancellationToken);
                await progress.SaveAsync(collection, rule, noted with { IsEntered = true }, cancellationToken);
                if (documents > 0) LogEntered(logger, documents.Value, collection);
            }

            _known.Add(collection);
        }
        catch (DocumentStoreException full) when (full.Fault == DocumentStoreFault.OutboxFull)
        {
            LogNotEntered(logger, collection, full.Message);
            _known.Add(collection); // At the next start there may be room.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} documents of {Collection} are sent to the upstream for the first time")]
    private static partial void LogEntered(ILogger logger, long count, CollectionName collection);

    [LoggerMessage(Level = LogLevel.Error, Message = "What was in {Collection} before its rule cannot be sent; the next start tries again: {Reason}")]
    private static partial void LogNotEntered(ILogger logger, CollectionName collection, string reason);
}
