using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Iio;

/// <summary>A capture of an IIO device that runs.</summary>
internal sealed class KernelCapture(
    IKernel kernel, int descriptor, string description, string enableFile, IReadOnlyList<ChipChannel> channels, IReadOnlyList<IioScanElement> elements, IioScanElement? timestamp, int sampleLength)
    : IIioCapture
{
    private const int SamplesPerRead = 256;

    /// <summary>What comes beyond is for the next time: a device that samples faster than it is read would else never let go.</summary>
    private const int MaxScans = 65_536;

    private readonly Lock _gate = new();
    private readonly byte[] _buffer = new byte[SamplesPerRead * sampleLength];
    private bool _isDisposed;

    public string Description => description;

    public IReadOnlyList<ChipChannel> Channels => channels;

    public Outcome<IReadOnlyList<IioScan>> Read(TimeSpan timeout)
    {
        if (Wait(timeout) is { } fault) return fault;

        lock (_gate)
        {
            if (_isDisposed) return Closed();

            var scans = new List<IioScan>();
            do
            {
                var length = kernel.Read(descriptor, _buffer);
                if (length < 0) return Errno.Fault(length, $"{description} cannot be read");

                for (var start = 0; start + sampleLength <= length; start += sampleLength) scans.Add(Decode(_buffer.AsSpan(start, sampleLength)));
            }
            while (scans.Count < MaxScans && Wait(TimeSpan.Zero) is null);

            return Outcome<IReadOnlyList<IioScan>>.Of(scans);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;

            _isDisposed = true;
            kernel.WriteFile(enableFile, "0"); // When the device is gone there is nothing to stop.
            kernel.Close(descriptor);
        }
    }

    private HardwareFault? Wait(TimeSpan timeout)
    {
        Span<PollEntry> entries = [new PollEntry { Descriptor = descriptor, Wanted = PollEntry.Readable }];
        var answer = kernel.Poll(entries, (int)Math.Clamp(timeout.TotalMilliseconds, 0, int.MaxValue));
        if (answer < 0) return Errno.Fault(answer, $"{description} cannot be waited for");
        if ((entries[0].Happened & PollEntry.Readable) != 0) return null;
        if (entries[0].Happened != 0) return new HardwareFault(HardwareFaultKind.NotFound, $"{description} has gone away.");

        return new HardwareFault(HardwareFaultKind.TimedOut, $"{description} has given no sample for {timeout.TotalSeconds:0.###} s: does its trigger fire?");
    }

    private IioScan Decode(ReadOnlySpan<byte> sample)
    {
        var values = new double[elements.Count];
        for (var i = 0; i < values.Length; i++) values[i] = elements[i].Value(sample);
        return new IioScan(values, timestamp is null ? null : timestamp.Format.DecodeWhole(sample[timestamp.Position..]));
    }

    private HardwareFault Closed() => new(HardwareFaultKind.Closed, $"{description} has been closed.");
}
