using Kuzzle.Edge.Devices.Sensors.Conditioning;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Iio;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Sensors.Probes;

/// <summary>Samples that the kernel takes by its own trigger, faster than anybody could ask: each measurement is made of those since the one before, and carries their block.</summary>
/// <param name="board">Where the device is.</param>
/// <param name="request">What is captured.</param>
/// <param name="reduction">What the samples become.</param>
/// <param name="series">How many of them a measurement carries.</param>
/// <param name="timeout">How long a measurement may take.</param>
/// <param name="sysfs">Where sysfs is.</param>
internal sealed class CaptureProbe(IBoard board, IioCaptureRequest request, Reduction reduction, int series, TimeSpan timeout, string sysfs) : IProbe
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

        if (scans.Value.Count == 0) return Failed($"{Description}: the kernel gave less than one sample.");

        var measured = new Measurement[request.Channels.Count];
        var duration = DurationOf(scans.Value);
        for (var i = 0; i < measured.Length; i++)
        {
            double[] samples = [.. scans.Value.Select(scan => scan.Values[i])];
            var block = SampleBlock.Of(samples, series) with { Duration = duration };
            measured[i] = Measurement.Of(reduction.Reduce(samples)) with { Block = block };
        }

        return measured;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate) _isDisposed = true;
        Close();
    }

    /// <summary>By the kernel's times, which only their difference is taken of: of which clock they are, the device says.</summary>
    private static TimeSpan? DurationOf(IReadOnlyList<IioScan> scans) =>
        scans[^1].TimestampNanoseconds - scans[0].TimestampNanoseconds is { } nanoseconds ? TimeSpan.FromTicks(nanoseconds / TimeSpan.NanosecondsPerTick) : null;

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
