using System.Text.Json;
using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Api.Tests.Outbox;

/// <summary>A link that remembers what it was asked, and can have a disk that fails.</summary>
internal sealed class StubbornLink : ISyncControl, IMessageRelay
{
    public bool HasDisk { get; set; } = true;

    public List<string> Asked { get; } = [];

    /// <summary>What was published, by collection and identifier.</summary>
    public List<string> Relayed { get; } = [];

    public SyncHealth Health { get; set; } = new(SyncHealthLevel.Good, Reason: null);

    public ValueTask<JsonObject> DescribeAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new JsonObject { ["state"] = "online" });

    public Task PauseAsync(CancellationToken cancellationToken) => HasDisk ? NoteAsync("pause") : throw new DocumentStoreException("The disk fails.");

    public Task ResumeAsync(CancellationToken cancellationToken) => NoteAsync("resume");

    public void Flush() => Asked.Add("flush");

    public Task<long> RetryAsync(CancellationToken cancellationToken) => Task.FromResult(3L);

    public Task<long> DropAsync(CancellationToken cancellationToken) => Task.FromResult(2L);

    public ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken)
    {
        Asked.Add($"parked {max}");
        return ValueTask.FromResult<IReadOnlyList<ParkedEntry>>([new ParkedEntry(new CollectionName("i", "c"), "d4", "as told", DateTimeOffset.FromUnixTimeMilliseconds(7))]);
    }

    public Task<long?> ResyncAsync(CollectionName collection, CancellationToken cancellationToken) => Task.FromResult<long?>(collection.Collection == "c" ? 7 : null);

    public async ValueTask RelayAsync(CollectionName collection, string? id, JsonElement message, CancellationToken cancellationToken)
    {
        await Task.Yield(); // as one that waits for the disk
        if (!HasDisk) throw new DocumentStoreException("The disk fails.");
        Relayed.Add($"{collection}/{id} {message}");
    }

    private Task NoteAsync(string action)
    {
        Asked.Add(action);
        return Task.CompletedTask;
    }
}
