using System.Diagnostics.CodeAnalysis;

namespace Kuzzle.Edge.Hardware;

/// <summary>A value, or why there is none.</summary>
public readonly record struct Outcome<T>
    where T : notnull
{
    private readonly T? _value;

    private Outcome(T? value, HardwareFault? fault)
    {
        _value = value;
        Fault = fault;
    }

    /// <summary>The value; default when there is a fault.</summary>
    public T? Value => _value;

    /// <summary>Why there is no value; null when there is one.</summary>
    public HardwareFault? Fault { get; }

    /// <summary>True when there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value), nameof(_value))]
    [MemberNotNullWhen(false, nameof(Fault))]
    public bool IsGood => Fault is null;

    /// <summary>A value.</summary>
    public static implicit operator Outcome<T>(T value) => new(value, fault: null);

    /// <summary>No value.</summary>
    public static implicit operator Outcome<T>(HardwareFault fault) => new(default, fault);

    /// <summary>A value; for interfaces, which C# does not convert.</summary>
    public static Outcome<T> Of(T value) => new(value, fault: null);

    /// <summary>No value.</summary>
    public static Outcome<T> Failed(HardwareFaultKind kind, string message) => new(default, new HardwareFault(kind, message));
}
