using System.Globalization;
using Kuzzle.Edge.Hardware.I2c.Chips;
using Kuzzle.Edge.Hardware.Kernel;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>Does with a chip what its map says.</summary>
internal sealed class RegisterMapChip(RegisterMap map, II2cBus bus, int address, IKernel kernel, Lock gate) : PacedChip(map.MinInterval, gate)
{
    private bool _isSetUp;

    public override string Description { get; } = string.Create(CultureInfo.InvariantCulture, $"{map.Name} at 0x{address:x2} of i2c-{bus.Number}");

    public override IReadOnlyList<ChipChannel> Channels { get; } = map.Channels;

    protected override Outcome<IReadOnlyDictionary<string, Measurement>> MeasureNow(DateTimeOffset at)
    {
        if (!_isSetUp)
        {
            foreach (var step in map.Init)
            {
                if (Do(step, answers: []) is { } fault) return fault;
            }

            _isSetUp = true;
        }

        var answers = new List<byte[]>();
        foreach (var step in map.Measure)
        {
            if (Do(step, answers) is { } fault)
            {
                _isSetUp = false; // It may have lost its power, and what it was told with it.
                return fault;
            }
        }

        return Outcome<IReadOnlyDictionary<string, Measurement>>.Of(Values(answers, at));
    }

    /// <summary>Null when it was done; what is read goes to the end of the answers.</summary>
    private HardwareFault? Do(RegisterStep step, List<byte[]> answers)
    {
        switch (step)
        {
            case WriteStep write:
                var refused = bus.Transfer(address, write.Bytes.ToArray(), []);
                return write.MayFail && refused is { Kind: HardwareFaultKind.NoAnswer or HardwareFaultKind.Failed } ? null : refused;
            case WaitStep wait:
                kernel.Pause(wait.Time);
                return null;
            case PollStep poll:
                return WaitUntilReady(poll);
            case ReadStep read:
                var answer = Read(read);
                if (answer.IsGood) answers.Add(answer.Value);
                return answer.Fault;
            default:
                throw new ArgumentException($"There is no step {step.GetType().Name}.", nameof(step));
        }
    }

    private HardwareFault? WaitUntilReady(PollStep poll)
    {
        for (var waited = TimeSpan.Zero; ; waited += poll.Interval)
        {
            var status = Read(poll.Status);
            if (!status.IsGood) return status.Fault;

            var number = 0u;
            foreach (var next in status.Value) number = (number << 8) | next;
            if (poll.Ready is { } ready ? (number & poll.Mask) == ready : (number & poll.Mask) != 0) return null;

            if (waited >= poll.Timeout)
            {
                return new HardwareFault(
                    HardwareFaultKind.TimedOut, string.Create(CultureInfo.InvariantCulture, $"{Description} has not been ready for {poll.Timeout.TotalSeconds:0.###} s (status 0x{number:x})."));
            }

            kernel.Pause(poll.Interval);
        }
    }

    private Outcome<byte[]> Read(ReadStep read)
    {
        var command = read.Command.ToArray();
        var raw = new byte[read.Length + (read.Crc is null ? 0 : read.Length / read.Crc.WordLength)];
        HardwareFault? fault;
        if (command.Length > 0 && read.Delay > TimeSpan.Zero)
        {
            fault = bus.Transfer(address, command, []);
            if (fault is not null) return fault;

            kernel.Pause(read.Delay);
            fault = bus.Transfer(address, [], raw);
        }
        else
        {
            fault = bus.Transfer(address, command, raw);
        }

        if (fault is not null) return fault;

        return read.Crc is null ? raw : WithoutChecksums(raw, read);
    }

    private Outcome<byte[]> WithoutChecksums(byte[] raw, ReadStep read)
    {
        var crc = read.Crc!;
        var bytes = new byte[read.Length];
        for (var word = 0; word < read.Length / crc.WordLength; word++)
        {
            var checkedBytes = raw.AsSpan(word * (crc.WordLength + 1), crc.WordLength);
            var expected = crc.Compute(checkedBytes);
            var received = raw[(word * (crc.WordLength + 1)) + crc.WordLength];
            if (expected != received)
            {
                return new HardwareFault(
                    HardwareFaultKind.BadChecksum,
                    string.Create(CultureInfo.InvariantCulture, $"{Description} sent {Convert.ToHexStringLower(checkedBytes)} with the checksum {received:x2}; it should be {expected:x2}."));
            }

            checkedBytes.CopyTo(bytes.AsSpan(word * crc.WordLength));
        }

        return bytes;
    }

    private Dictionary<string, Measurement> Values(List<byte[]> answers, DateTimeOffset at)
    {
        var measurements = new Dictionary<string, Measurement>(StringComparer.Ordinal);
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var field in map.Fields)
        {
            var value = RegisterNumber.Read(field, answers[field.Read]);
            if (value is { } number) values[field.Name] = number;
            if (!field.IsHidden) measurements[field.Name] = value is { } good ? Measurement.Of(good) : NoValue(field.Name);
        }

        foreach (var derived in map.Derived)
        {
            var computed = values.Count == map.Fields.Count ? derived.Compute(values, at) : double.NaN;
            measurements[derived.Name] = double.IsFinite(computed) ? Measurement.Of(computed) : NoValue(derived.Name);
        }

        return measurements;
    }

    private Measurement NoValue(string channel) => Measurement.Failed($"{Description} has no value for {channel} yet, or one out of its range.");
}
