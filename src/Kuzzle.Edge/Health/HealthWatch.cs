using System.Text;
using Kuzzle.Edge.Api.Appliances;
using Kuzzle.Edge.Broker;
using Kuzzle.Edge.Systemd;
using Microsoft.Extensions.Logging;

namespace Kuzzle.Edge.Health;

/// <summary>Looks again and again what is wrong, and tells everywhere what has changed: the log, the service manager, the files for console and programs, and MQTT.</summary>
internal sealed partial class HealthWatch : IAsyncDisposable
{
    /// <summary>Where MQTT clients find it, retained: <c>{"status":"red","conditions":[…]}</c>.</summary>
    public const string Topic = "$SYS/kuzzle-edge/conditions";

    /// <summary>Looking costs a listing of one folder; an alarm that is five seconds late is early enough for people.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Func<IEnumerable<FoundCondition>> _find;
    private readonly Func<CancellationToken, Task> _probe;
    private readonly ConditionBoard _board;
    private readonly MqttBroker _broker;
    private readonly ServiceManager _manager;
    private readonly HealthFiles _files;
    private readonly ILogger _logger;
    private readonly string _summary;
    private readonly Task _running;
    private bool _wasAlarming;

    /// <summary>Begins. The first look is over when this returns.</summary>
    /// <param name="find">Looks what is wrong.</param>
    /// <param name="probe">Tries before each look what has failed, so that its end is noticed.</param>
    public HealthWatch(
        Func<IEnumerable<FoundCondition>> find, Func<CancellationToken, Task> probe, ConditionBoard board, MqttBroker broker, ServiceManager manager, HealthFiles files, string summary, TimeProvider clock, ILogger<HealthWatch> logger)
    {
        _find = find;
        _probe = probe;
        _board = board;
        _broker = broker;
        _manager = manager;
        _files = files;
        _summary = summary;
        _logger = logger;
        board.Take(find());
        Tell();
        _running = RunAsync(clock, _stop.Token);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync(TimeProvider clock, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken)) await LookAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The gateway stops.
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _probe(cancellationToken).WaitAsync(cancellationToken); // A writer that hangs must not hold up the end.
            if (_board.Take(_find())) Tell();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested) // The outermost loop of this watch: it must see the next fault, too.
        {
            LogFailed(exception);
        }
    }

    private void Tell()
    {
        var conditions = _board.Current;
        _files.Write(HealthState.Serving, _summary, conditions);
        var isAlarming = conditions is [{ Severity: ConditionSeverity.Alarm }, ..];
        if (isAlarming) _manager.Status($"Alarm: {conditions[0].Message}");
        else if (_wasAlarming) _manager.Status(_summary);
        _wasAlarming = isAlarming;
        _broker.Publish(new MqttMessage(Topic, Encoding.UTF8.GetBytes(ApplianceHealth.Describe(conditions).ToJsonString())) { Retain = true });
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking after the gateway's health has failed, and is tried again")]
    private partial void LogFailed(Exception exception);
}
