using Kuzzle.Edge.Hardware.I2c.Chips;

namespace Kuzzle.Edge.Hardware.I2c.Registers;

/// <summary>How a chip is set up and read, as data.</summary>
public sealed record RegisterMap
{
    /// <summary>Its name: <c>aht20</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What is done once before the first measurement, and again after a fault.</summary>
    public IReadOnlyList<RegisterStep> Init { get; init; } = [];

    /// <summary>What is done for each measurement, in this order; the reads give the bytes that the fields lie in.</summary>
    public required IReadOnlyList<RegisterStep> Measure { get; init; }

    /// <summary>Where the values lie.</summary>
    public required IReadOnlyList<RegisterField> Fields { get; init; }

    /// <summary>Values that are computed of fields; each becomes a channel after those of the fields.</summary>
    public IReadOnlyList<DerivedChannel> Derived { get; init; } = [];

    /// <summary>The pause between measurements that the chip needs; within it the last values are given again. Zero for none.</summary>
    public TimeSpan MinInterval { get; init; }

    /// <summary>What it measures: the fields that are not hidden, then the derived channels.</summary>
    public IReadOnlyList<ChipChannel> Channels =>
    [
        .. Fields.Where(known => !known.IsHidden).Select(known => new ChipChannel(known.Name, known.Kind, known.Unit)),
        .. Derived.Select(derived => new ChipChannel(derived.Name, derived.Kind, derived.Unit)),
    ];

    /// <summary>
    /// The map of a single register: written its number, read its bytes. What a configuration of one's own most often needs.
    /// </summary>
    public static RegisterMap OfRegister(string name, byte register, RegisterField field, RegisterCrc? crc = null, TimeSpan delay = default) => new()
    {
        Name = name,
        Measure = [new ReadStep { Command = [register], Length = field.Position + field.Width, Delay = delay, Crc = crc }],
        Fields = [field with { Read = 0 }],
    };

    /// <summary>All that is wrong with it: the key, and what is wrong. Empty when it can be used.</summary>
    public IReadOnlyList<(string Key, string Fault)> FindFaults() => RegisterMapFaults.Of(this);
}
