using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>Samples that the kernel takes by its own trigger, faster than anybody could ask: each measurement is their mean since the one before.</summary>
internal sealed class CaptureProbe(IBoard board, IioCaptureRequest request, TimeSpan timeout, string sysfs) : IProbe
{
    private readonly IioSource[] _known = [.. request.Channels.Select(channel => new IioSource(request.Device, channel, sysfs))];
    private readonly Lock _gate = new();
    private IIioCapture? _capture;
    private bool _isDisposed;

    /// <inheritdoc/>
    public string Description => $"IIO {request.Device} {string.Join(", ", request.Channels)}, captured";

    // Known before the device is there: kind and unit follow from the channel's name.
    /// <inheritdoc/>
    public IReadOnlyList<ProbeChannel> Channels => [.. _known.Select((source, index) => new ProbeChannel(_known.Length > 1 ? request.Channels[index] : null, source.Kind, source.Unit))];

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        if (Open(out var capture) is { } fault) return Failed(fault);

        // A little less than the sensor may take: the kernel's own answer says more than that time is up.
        var scans = capture!.Read(timeout * 0.8);
        if (!scans.IsGood)
        {
            if (scans.Fault.Kind != HardwareFaultKind.TimedOut) Close();
            return Failed(scans.Fault.Message);
        }

        var measured = new Measurement[request.Channels.Count];
        for (var i = 0; i < measured.Length; i++) measured[i] = Measurement.Of(scans.Value.Average(scan => scan.Values[i]));
        return measured;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate) _isDisposed = true;
        Close();
    }

    private string? Open(out IIioCapture? capture)
    {
        lock (_gate)
        {
            capture = _capture;
            if (capture is not null) return null;
            if (_isDisposed) return "The capture has ended.";

            var opened = board.OpenCapture(request);
            if (!opened.IsGood) return opened.Fault.Message;
            _capture = capture = opened.Value;
            return null;
        }
    }

    private void Close()
    {
        lock (_gate)
        {
            _capture?.Dispose();
            _capture = null;
        }
    }

    private Measurement[] Failed(string fault) => [.. request.Channels.Select(_ => Measurement.Failed(fault))];
}
