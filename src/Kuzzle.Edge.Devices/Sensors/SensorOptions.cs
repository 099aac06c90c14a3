using System.Text.RegularExpressions;

namespace Kuzzle.Edge.Devices.Sensors;

/// <summary>One sensor as it is configured. Immutable; <see cref="FindFaults"/> tells all that is wrong with it.</summary>
public sealed partial record SensorOptions
{
    /// <summary>The sensor's name, and that of the device it publishes as: 1 to 64 of letters, digits, <c>-</c>, <c>_</c> and <c>.</c>.</summary>
    public required string Name { get; init; }

    /// <summary>Where its values come from.</summary>
    public required SensorSourceKind Source { get; init; }

    /// <summary>The chip (hwmon), device (iio) or zone (thermal) by the name the kernel gives it; null takes the first that fits.</summary>
    public string? Chip { get; init; }

    /// <summary>The input of the chip: <c>temp1</c> or a label (hwmon), <c>temp</c>, <c>voltage0</c> … (iio). Null is <c>temp1</c>, or <c>temp</c>.</summary>
    public string? Channel { get; init; }

    /// <summary>Time between readings. 100 ms to 24 h. Chips that are asked more often than every second or two warm themselves.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is kept of the readings.</summary>
    public ReadingStorage Store { get; init; } = ReadingStorage.None;

    /// <summary>The index that readings are published and stored in.</summary>
    public string Index { get; init; } = "sensors";

    /// <summary>The collection that readings are published and stored in.</summary>
    public string Collection { get; init; } = "readings";

    /// <summary>An MQTT topic that each reading is published on as well, for clients that know nothing of Kuzzle; null for none.</summary>
    public string? Topic { get; init; }

    /// <summary>The waveform of a simulated sensor.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The middle of a simulated sensor's values, in °C.</summary>
    public double Mean { get; init; } = 21;

    /// <summary>How far a simulated sensor's values go from the middle, in °C. 0 or more.</summary>
    public double Amplitude { get; init; } = 4;

    /// <summary>The length of a simulated sensor's wave. 1 s to 30 days.</summary>
    public TimeSpan Period { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>All that is wrong, each as the key and a sentence; empty when nothing is.</summary>
    public IReadOnlyList<(string Key, string Fault)> FindFaults()
    {
        var faults = new List<(string, string)>();
        void Check(bool isRight, string key, string fault)
        {
            if (!isRight) faults.Add((key, fault));
        }

        Check(DeviceName().IsMatch(Name), "name", "must be 1 to 64 letters, digits, '-', '_' or '.'");
        Check(Interval >= TimeSpan.FromMilliseconds(100) && Interval <= TimeSpan.FromDays(1), "interval", "must be 100 ms to 24 h");
        Check(Amplitude >= 0 && double.IsFinite(Amplitude), "amplitude", "must be 0 or more");
        Check(double.IsFinite(Mean), "mean", "must be a number");
        Check(Period >= TimeSpan.FromSeconds(1) && Period <= TimeSpan.FromDays(30), "period", "must be 1 s to 30 days");
        Check(Index.Length > 0, "index", "must not be empty");
        Check(Collection.Length > 0, "collection", "must not be empty");
        Check(Topic is null || (Topic.Length > 0 && !Topic.AsSpan().ContainsAny("+#\0")), "topic", "must be a topic without wildcards");
        return faults;
    }

    [GeneratedRegex("^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex DeviceName();
}
