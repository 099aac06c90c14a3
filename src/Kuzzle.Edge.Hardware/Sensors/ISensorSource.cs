namespace Kuzzle.Edge.Hardware.Sensors;

/// <summary>Something that can be asked for one physical quantity.</summary>
public interface ISensorSource
{
    /// <summary>What it reads, for people: the chip and the file, or how it is made up.</summary>
    string Description { get; }

    /// <summary>What is measured: <c>temperature</c>, <c>voltage</c>, <c>humidity</c> …</summary>
    string Kind { get; }

    /// <summary>The unit of the values, in UCUM-like writing: <c>°C</c>, <c>V</c>, <c>%</c> …; empty for a bare number.</summary>
    string Unit { get; }

    /// <summary>
    /// Takes one measurement. Blocks for as long as the chip needs, which may be hundreds of milliseconds. Finds its device anew when it has to, so a device that
    /// was taken away and came back under another number is found again.
    /// </summary>
    Measurement Measure(DateTimeOffset at);
}
