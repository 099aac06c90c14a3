using Kuzzle.Edge.Devices.Actuators;
using Kuzzle.Edge.Devices.Sensors.Definitions;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>A sensor that this box has, and where it comes from.</summary>
internal sealed record MountedSensor(BoardSensor Sensor, SensorDefinition Definition, SensorOrigin Origin)
{
    /// <summary>What takes its commands; null when it takes none.</summary>
    public Actuator? Actuator { get; init; }

    /// <summary>Its subscription to commands on a plain topic, which whoever ends it waits for; null when there is none.</summary>
    public Task<IAsyncDisposable?> CommandTopic { get; set; } = Task.FromResult<IAsyncDisposable?>(null);

    /// <summary>Commands on its plain topic are not heard any more.</summary>
    public async ValueTask EndListeningAsync()
    {
        if (await CommandTopic is { } commands) await commands.DisposeAsync();
    }
}
