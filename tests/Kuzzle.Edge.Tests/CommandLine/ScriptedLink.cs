using System.Text.Json.Nodes;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Api.Outbox;

namespace Kuzzle.Edge.Tests.CommandLine;

/// <summary>A link that delivers some documents between one look at it and the next.</summary>
internal sealed class ScriptedLink : ISyncControl
{
    public SyncHealth Health { get; set; } = new(SyncHealthLevel.Good, Reason: null);

    /// <summary>How many documents wait.</summary>
    public long Waiting { get; set; }

    /// <summary>How many are delivered between two looks.</summary>
    public long Step { get; set; } = 40;

    /// <summary>What was asked of it.</summary>
    public List<string> Asked { get; } = [];

    public ValueTask<JsonObject> DescribeAsync(CancellationToken cancellationToken)
    {
        var described = new JsonObject
        {
            ["state"] = "online",
            ["since"] = 1_700_000_000_000,
            ["reason"] = null,
            ["backlog"] = new JsonObject { ["documents"] = Waiting, ["deferred"] = 0, ["parked"] = 1, ["oldest"] = null, ["oldestAge"] = 65_000, ["messages"] = 0 },
            ["rates"] = new JsonObject { ["delivered"] = 40.0, ["taken"] = 0.0 },
        };
        Waiting = Math.Max(0, Waiting - Step);
        return ValueTask.FromResult(described);
    }

    public Task PauseAsync(CancellationToken cancellationToken) => AskedAsync("pause");

    public Task ResumeAsync(CancellationToken cancellationToken) => AskedAsync("resume");

    public void Flush() => Asked.Add("flush");

    public Task<long> RetryAsync(CancellationToken cancellationToken)
    {
        Asked.Add("retry");
        return Task.FromResult(3L);
    }

    public Task<long> DropAsync(CancellationToken cancellationToken)
    {
        Asked.Add("drop");
        return Task.FromResult(2L);
    }

    public ValueTask<IReadOnlyList<ParkedEntry>> ParkedAsync(int max, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<ParkedEntry>>([new ParkedEntry(new CollectionName("plant", "readings"), "d4", "strict mapping (400)", DateTimeOffset.UnixEpoch)]);

    public Task<long?> ResyncAsync(CollectionName collection, CancellationToken cancellationToken)
    {
        Asked.Add($"resync {collection}");
        return Task.FromResult<long?>(collection.Collection == "readings" ? 7 : null);
    }

    private Task AskedAsync(string action)
    {
        Asked.Add(action);
        return Task.CompletedTask;
    }
}
