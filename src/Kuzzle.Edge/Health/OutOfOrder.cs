using System.Net.Sockets;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Api.Documents;
using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Configuration;
using Kuzzle.Edge.Protocols.Http;
using Kuzzle.Edge.Systemd;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Health;

/// <summary>
/// A gateway under a service manager whose data cannot be used: a disk that is full or read-only, files of another owner. Ending and being started again would only wear the card and fill
/// the log; so it stays, says what is wrong on every way it has, and looks again and again whether it is over. What it cannot keep it does not take: there is no MQTT meanwhile.
/// </summary>
internal sealed partial class OutOfOrder(EdgeConfiguration configuration, ServiceManager manager, HealthFiles files, TimeProvider clock, ILoggerFactory loggers)
{
    /// <summary>An attempt reads a few pages; who has made room does not want to wait longer.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private readonly ILogger _logger = loggers.CreateLogger<OutOfOrder>();
    private string _reason = "";

    /// <summary>Whether an exception of the start is one that may be over without a new start, and what it says to people; else null.</summary>
    public static string? ReasonOf(Exception exception) => exception switch
    {
        DocumentStoreException fault => fault.Message,
        BrokerStoreException fault => fault.Message,
        _ => null,
    };

    /// <summary>Waits until an attempt succeeds, or none of this process can any more. Cancelled when the process shall stop.</summary>
    /// <param name="reason">What is wrong.</param>
    /// <param name="attempt">Tries; throws what it threw before while it is not over.</param>
    public async Task<OutOfOrderEnd> WaitAsync(string reason, Func<Task> attempt, CancellationToken cancellationToken)
    {
        await using var http = await ListenAsync(cancellationToken);
        using var timer = new PeriodicTimer(manager.WatchdogInterval is { } interval && interval / 2 < RetryAfter ? interval / 2 : RetryAfter, clock);
        Tell(reason);
        var mayChange = !IsReadOnlyHereAlone(); // A folder that the unit itself has made read-only stays so in a new process, too.
        var triedAt = clock.GetTimestamp();
        while (true)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            manager.KeepAlive(); // It lives, and a new process could do no more.
            if (clock.GetElapsedTime(triedAt) < RetryAfter / 2) continue;

            triedAt = clock.GetTimestamp();
            try
            {
                await attempt();
                LogOver();
                return OutOfOrderEnd.InOrder;
            }
            catch (Exception exception) when (ReasonOf(exception) is { } again)
            {
                if (mayChange && IsReadOnlyHereAlone())
                {
                    LogNewStartNeeded(configuration.Storage.Directory);
                    return OutOfOrderEnd.NewStartNeeded;
                }

                if (again != _reason) Tell(again);
            }
        }
    }

    private bool IsReadOnlyHereAlone() => MountView.IsReadOnlyHereAlone(configuration.Storage.Directory, File.ReadLines(MountView.Table));

    private void Tell(string reason)
    {
        Volatile.Write(ref _reason, reason);
        LogOutOfOrder(reason);
        files.Write(HealthState.OutOfOrder, reason, [new ApplianceCondition(ApplianceCondition.Storage, ConditionSeverity.Alarm, reason, clock.GetUtcNow())]);
        manager.Ready($"Out of order: {reason}");
    }

    /// <summary>Null when the port cannot be had: the reason is told on the other ways.</summary>
    private async Task<OutOfOrderEndpoint?> ListenAsync(CancellationToken cancellationToken)
    {
        var endpoint = new OutOfOrderEndpoint(configuration.Http, configuration.Api.NodeName, () => Volatile.Read(ref _reason), RetryAfter, loggers);
        try
        {
            await endpoint.StartAsync(cancellationToken);
            return endpoint;
        }
        catch (Exception exception) when (exception is IOException or SocketException)
        {
            LogNoPort(configuration.Http.Port, exception.Message);
            await endpoint.DisposeAsync();
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Out of order, tried again by itself: {Reason}")]
    private partial void LogOutOfOrder(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "In order again")]
    private partial void LogOver();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The disk of {Directory} can be written again, but a service sees its disks as they were when it started: ending, to be started anew")]
    private partial void LogNewStartNeeded(string directory);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Port {Port} cannot say so: {Reason}")]
    private partial void LogNoPort(int port, string reason);
}
