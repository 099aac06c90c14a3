using Kuzzle.Edge.Devices.Provisioning;

namespace Kuzzle.Edge.Devices;

/// <summary>What the registry may be told. Immutable; a value out of range throws when the record is made.</summary>
public sealed record DeviceOptions
{
    /// <summary>
    /// How often PBKDF2 is applied to new passwords of devices. 1 to 10 000 000; 210 000 by default, some 0.2 s of one core of a small board, for each device once after
    /// each start, unless its password is declared in plain. A long random password is as safe with 10 000.
    /// </summary>
    public int PasswordIterations { get; init => field = Within(value, 1, 10_000_000); } = 210_000;

    /// <summary>How many devices there may be, in all applications. All of them are kept in memory, a few kilobytes each. 1 to 1 000 000; 20 000 by default.</summary>
    public int MaxDevices { get; init => field = Within(value, 1, 1_000_000); } = 20_000;

    /// <summary>How many commands may wait. 1 to 1 000 000; 10 000 by default.</summary>
    public int MaxQueuedCommands { get; init => field = Within(value, 1, 1_000_000); } = 10_000;

    /// <summary>How many events may wait for the disk; more are refused. 1 to 1 000 000; 10 000 by default.</summary>
    public int MaxWaitingEvents { get; init => field = Within(value, 1, 1_000_000); } = 10_000;

    /// <summary>How often stored events are looked through for those that are too old or too many. One minute by default.</summary>
    public TimeSpan RetentionInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What becomes of devices that were declared and are no longer. They are disabled by default.</summary>
    public WithdrawnDevices Withdrawn { get; init; } = WithdrawnDevices.Disable;

    /// <summary>
    /// The key by which passwords that are declared in plain are known again at the next start. To be kept apart from the database, and from everybody else. Without one, the default, each
    /// costs a hash at every start.
    /// </summary>
    public ReadOnlyMemory<byte> DeclarationKey { get; init; }

    /// <summary>The name of this installation, in events.</summary>
    public string Instance { get; init; } = "edge";

    private static int Within(int value, int min, int max) => value >= min && value <= max ? value : throw new ArgumentOutOfRangeException(nameof(value), value, $"{min} to {max}");
}
