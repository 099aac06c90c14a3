namespace Kuzzle.Edge.Devices.Sensors.Publishing;

/// <summary>Somebody who has something to tell now and then.</summary>
internal interface ITalker
{
    /// <summary>Tells what waits. What cannot be told waits on; that is no exception.</summary>
    ValueTask TellAsync(CancellationToken cancellationToken);
}
