using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Hardware.Sensors;

/// <summary>A value, or why there is none.</summary>
public readonly record struct Measurement
{
    private Measurement(double value, string? fault)
    {
        Value = value;
        Fault = fault;
    }

    /// <summary>The value, in the source's unit; finite. Meaningless when there is a fault.</summary>
    public double Value { get; }

    /// <summary>Why there is no value: a sentence that names the file. Null when there is one.</summary>
    public string? Fault { get; }

    /// <summary>The samples that the value was made of, where there were many; null where it is one.</summary>
    public SampleBlock? Block { get; init; }

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsGood => Fault is null;

    /// <summary>A value.</summary>
    public static Measurement Of(double value) => new(value, fault: null);

    /// <summary>No value.</summary>
    public static Measurement Failed(string fault) => new(double.NaN, fault);
}
