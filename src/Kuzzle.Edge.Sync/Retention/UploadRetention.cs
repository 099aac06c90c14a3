using System.Diagnostics.Metrics;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Replicating;
using Kuzzle.Edge.Sync.Rules;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sync.Retention;

/// <summary>
/// Removes documents here that the upstream has, as the rules say: after a time, or when the disk fills, those first that it has had for longest. What waits for the upstream, or was
/// refused there, stays. Works whether the link is up or not, in small steps, so that whoever writes meanwhile hardly notices.
/// </summary>
/// <param name="options">What is removed, and when.</param>
/// <param name="outbox">Knows what the upstream has.</param>
/// <param name="store">Where documents are removed.</param>
/// <param name="space">Knows how full the disk is.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="loggers">Where to say what was removed.</param>
public sealed partial class UploadRetention(
    UpstreamOptions options, IOutbox outbox, IDocumentStore store, IStorageSpace space, TimeProvider clock, ILoggerFactory loggers) : IAsyncDisposable
{
    /// <summary>Documents that are removed in one transaction.</summary>
    private const int Step = 200;

    /// <summary>Steps of one look for the sake of the disk: then it is measured, and the link and everybody else had their turn.</summary>
    private const int MaxDiskSteps = 500;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly ProgressBook _progress = new(store, options);
    private readonly ILogger _logger = loggers.CreateLogger<UploadRetention>();
    private readonly CancellationTokenSource _stop = new();
    private readonly Meter _meter = new("Kuzzle.Edge.Sync.Retention");
    private Task _running = Task.CompletedTask;
    private long _removed;

    /// <summary>How many documents were removed since the process began.</summary>
    public long Removed => Interlocked.Read(ref _removed);

    /// <summary>Begins, unless no rule removes anything. To be called once.</summary>
    public void Start()
    {
        if (!options.Rules.All.Any(rule => rule.RemovesUploaded)) return;

        _meter.CreateObservableCounter("upstream.removed", () => Removed, description: "Documents that were removed here because the upstream has them");
        _running = RunAsync(_stop.Token);
    }

    /// <summary>Ends after the step that is under way.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
        _meter.Dispose();
    }

    /// <summary>Looks through everything once. Answers how many documents were removed.</summary>
    public async Task<long> SweepAsync(CancellationToken cancellationToken) => await RemoveOldAsync(cancellationToken) + await RemoveForDiskAsync(cancellationToken);

    private async Task<long> RemoveOldAsync(CancellationToken cancellationToken)
    {
        var removed = 0L;
        foreach (var (collection, rule) in await CollectionsAsync(cancellationToken))
        {
            if (rule.DeleteAfter is not { } age) continue;

            var before = clock.GetUtcNow() - age;
            var count = 0L;
            while (await RemoveAsync(collection, before, cancellationToken) is > 0 and var step) count += step;
            if (count > 0) LogOld(count, collection, age);
            removed += count;
        }

        return removed;
    }

    private async Task<long> RemoveForDiskAsync(CancellationToken cancellationToken)
    {
        var concerned = (await CollectionsAsync(cancellationToken)).FindAll(collection => collection.Rule.DeleteAboveDisk is not null);
        if (concerned.Count == 0) return 0;

        var removed = 0L;
        var now = clock.GetUtcNow();
        for (var step = 0; step < MaxDiskSteps; step++)
        {
            // Measured before each step: it counts as free what deleted documents leave in the database, which the file system does not see.
            var used = (await space.MeasureSpaceAsync(cancellationToken)).UsedPercent;
            if (await FindOldestAsync(concerned.Where(collection => used > collection.Rule.DeleteAboveDisk), now, cancellationToken) is not { } oldest)
            {
                if (removed > 0) LogDisk(removed, used);
                return removed;
            }

            var count = await RemoveAsync(oldest, now, cancellationToken);
            removed += count;
            if (count == 0) break;
        }

        LogDisk(removed, (await space.MeasureSpaceAsync(cancellationToken)).UsedPercent);
        return removed;
    }

    /// <summary>The collection of the document that the upstream has had for longest.</summary>
    private async Task<CollectionName?> FindOldestAsync(IEnumerable<(CollectionName Name, SyncRule Rule)> collections, DateTimeOffset now, CancellationToken cancellationToken)
    {
        (CollectionName Name, DateTimeOffset Since)? oldest = null;
        foreach (var (name, _) in collections)
        {
            if (await outbox.UploadedAsync(name, now, 1, cancellationToken) is [var first] && !(oldest?.Since <= first.Since)) oldest = (name, first.Since);
        }

        return oldest?.Name;
    }

    private async Task<long> RemoveAsync(CollectionName collection, DateTimeOffset before, CancellationToken cancellationToken)
    {
        var uploaded = await outbox.UploadedAsync(collection, before, Step, cancellationToken);
        if (uploaded.Count == 0) return 0;

        var outcomes = await store.WriteAsync(collection, [.. uploaded.Select(document => new LocalRemoval(document.Id, RemovalCondition.Uploaded))], cancellationToken);
        var removed = outcomes?.Count(outcome => outcome.Kind == DocumentChangeKind.Delete) ?? 0;
        Interlocked.Add(ref _removed, removed);
        return removed;
    }

    /// <summary>Where all was entered that was changed while there was no rule; elsewhere, what the upstream was known to hold may not be what is here.</summary>
    private async Task<List<(CollectionName Name, SyncRule Rule)>> CollectionsAsync(CancellationToken cancellationToken)
    {
        var collections = new List<(CollectionName Name, SyncRule Rule)>();
        foreach (var name in store.Catalogue.PublicCollections)
        {
            if (options.Rules.TryFind(name, out var rule) && rule.RemovesUploaded && (await _progress.FindAsync(name, rule, cancellationToken)).IsEntered) collections.Add((name, rule));
        }

        return collections;
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                try
                {
                    await SweepAsync(cancellationToken);
                }
                catch (DocumentStoreException exception)
                {
                    LogFailed(exception);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Time to stop.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Count} documents of {Collection} here that the upstream has had for {Age}")]
    private partial void LogOld(long count, CollectionName collection, TimeSpan age);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Removed {Count} documents here that the upstream has, because the disk fills; now {Percent:0.0} % of it are used")]
    private partial void LogDisk(long count, double percent);

    [LoggerMessage(Level = LogLevel.Error, Message = "Documents that the upstream has could not be looked through")]
    private partial void LogFailed(Exception exception);
}
