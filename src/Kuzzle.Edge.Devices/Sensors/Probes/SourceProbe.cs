using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>Sources of single quantities, read one after another.</summary>
internal sealed class SourceProbe(IReadOnlyList<(string? Channel, ISensorSource Source)> sources) : IProbe
{
    /// <inheritdoc/>
    public string Description => string.Join(", ", sources.Select(source => source.Source.Description));

    // Asked each time: a source may learn its quantity only when it has found its chip.
    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels => [.. sources.Select(source => new ProbeChannel(source.Channel, source.Source.Kind, source.Source.Unit))];

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        var measured = new Measurement[sources.Count];
        for (var i = 0; i < measured.Length; i++) measured[i] = sources[i].Source.Measure(at);
        return measured;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, source) in sources) (source as IDisposable)?.Dispose();
    }
}
