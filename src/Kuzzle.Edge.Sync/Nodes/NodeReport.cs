using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Outbox;
using Kuzzle.Edge.Sync.Connections;
using Kuzzle.Edge.Sync.Links;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Sync.Nodes;

/// <summary>
/// Keeps this box's document upstream: that it is there, since when, and how far behind. Whoever looks at it sees by <c>lastSeen</c> and <c>interval</c> whether the box is out of
/// reach. Belongs to the loop of the link.
/// </summary>
internal sealed partial class NodeReport(NodeOptions options, LinkMemory memory, IOutbox outbox, TimeProvider clock, ILogger logger)
{
    /// <summary>A digest with this key is not the machine's identifier, which its manual page wants kept to the machine.</summary>
    private static readonly byte[] MachineIdKey = Encoding.ASCII.GetBytes("kuzzle-edge upstream node");

    private static readonly JsonElement Mapping = JsonElement.Parse(
        """
        {"dynamic":"true","properties":{"name":{"type":"keyword"},"version":{"type":"keyword"},"startedAt":{"type":"date"},"lastSeen":{"type":"date"},"interval":{"type":"long"},
        "uptime":{"type":"long"},"backlog":{"properties":{"documents":{"type":"long"},"bytes":{"type":"long"},"deferred":{"type":"long"},"parked":{"type":"long"},"oldest":{"type":"date"}}}}}
        """);

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly long _started = clock.GetTimestamp();

    /// <summary>The document's identifier; null as long as it was not needed.</summary>
    public string? Id { get; private set; }

    /// <summary>Why the upstream does not keep the document; null when it does.</summary>
    public string? Problem { get; private set; }

    /// <summary>When it is to be renewed.</summary>
    public DateTimeOffset DueAt { get; private set; }

    /// <summary>Renews it if its time has come, or <paramref name="isNewConnection"/>.</summary>
    /// <exception cref="LinkBrokenException">The upstream takes nothing now.</exception>
    public async Task StepAsync(UpstreamSession upstream, LinkStatus status, bool isNewConnection, CancellationToken cancellationToken)
    {
        if (!isNewConnection && clock.GetUtcNow() < DueAt) return;

        DueAt = clock.GetUtcNow() + options.Interval;
        Id ??= await IdentifyAsync(cancellationToken);
        if (Id is null) return;

        var backlog = await outbox.MeasureAsync(cancellationToken);
        var answer = await PutAsync(upstream, status, backlog, cancellationToken);
        if (answer.IsCollectionMissing)
        {
            answer = await CreateCollectionAsync(upstream, cancellationToken);
            if (answer.IsSuccess) answer = await PutAsync(upstream, status, backlog, cancellationToken);
        }

        if (answer.MayPassLater && answer.Status != 401) throw new LinkBrokenException($"The upstream refuses: {answer.Complaint}");

        Tell(answer.IsSuccess ? null : $"The upstream does not keep {options.Collection}/{Id}: {answer.Complaint}");
    }

    /// <summary>Once for each problem.</summary>
    private void Tell(string? problem)
    {
        if (problem is not null && problem != Problem) LogProblem(logger, problem);
        Problem = problem;
    }

    private async Task<string?> IdentifyAsync(CancellationToken cancellationToken) => options switch
    {
        { Id: { } id } => id,
        { Identity: NodeIdentity.HostName } => options.HostName,
        { Identity: NodeIdentity.MachineId } => await ReadMachineIdAsync(cancellationToken),
        _ => await memory.NodeAsync(cancellationToken),
    };

    /// <summary>Null, with the problem told, when there is none: what is to be synchronised does not depend on a name.</summary>
    private async Task<string?> ReadMachineIdAsync(CancellationToken cancellationToken)
    {
        try
        {
            var machine = (await File.ReadAllTextAsync(options.MachineIdFile, cancellationToken)).Trim();
            if (machine.Length > 0) return Convert.ToHexStringLower(HMACSHA256.HashData(MachineIdKey, Encoding.UTF8.GetBytes(machine)).AsSpan(0, 16));

            Tell($"{options.MachineIdFile} is empty, and the name of this box upstream should come from it.");
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            Tell($"The name of this box upstream should come from {options.MachineIdFile}: {missing.Message}");
        }

        return null;
    }

    private Task<UpstreamAnswer> PutAsync(UpstreamSession upstream, LinkStatus status, OutboxBacklog backlog, CancellationToken cancellationToken) => upstream.AskAsync(
        request =>
        {
            WriteTarget(request, "document", "createOrReplace");
            request.WriteString("_id", Id);
            request.WriteStartObject("body");
            request.WriteString("name", options.HostName);
            request.WriteString("version", options.Version);
            request.WriteString("architecture", RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant());
            request.WriteString("os", RuntimeInformation.OSDescription);
            request.WriteNumber("startedAt", _startedAt.ToUnixTimeMilliseconds());
            request.WriteNumber("uptime", (long)clock.GetElapsedTime(_started).TotalSeconds);
            request.WriteNumber("lastSeen", clock.GetUtcNow().ToUnixTimeMilliseconds());
            request.WriteNumber("interval", (long)options.Interval.TotalMilliseconds);
            request.WriteString("transport", upstream.Transport);
            request.WriteNumber("delivered", status.Delivered);
            request.WriteStartObject("backlog");
            request.WriteNumber("documents", backlog.Entries);
            request.WriteNumber("bytes", backlog.Bytes);
            request.WriteNumber("deferred", backlog.Deferred);
            request.WriteNumber("parked", backlog.Parked);
            if (backlog.OldestSince is { } oldest) request.WriteNumber("oldest", oldest.ToUnixTimeMilliseconds());
            else request.WriteNull("oldest");
            request.WriteEndObject();
            if (status.LastError is { } error) request.WriteString("lastError", error);
            request.WriteEndObject();
        },
        cancellationToken);

    /// <summary>collection:create makes a missing index, too.</summary>
    private Task<UpstreamAnswer> CreateCollectionAsync(UpstreamSession upstream, CancellationToken cancellationToken) => upstream.AskAsync(
        request =>
        {
            WriteTarget(request, "collection", "create");
            request.WriteStartObject("body");
            request.WritePropertyName("mappings");
            Mapping.WriteTo(request);
            request.WriteEndObject();
        },
        cancellationToken);

    private void WriteTarget(Utf8JsonWriter request, string controller, string action)
    {
        request.WriteString("controller", controller);
        request.WriteString("action", action);
        request.WriteString("index", options.Collection.Index);
        request.WriteString("collection", options.Collection.Collection);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Problem}")]
    private static partial void LogProblem(ILogger logger, string problem);
}
