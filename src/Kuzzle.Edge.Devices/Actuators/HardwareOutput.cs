using Kuzzle.Edge.Devices.Sensors.Probes;
using Kuzzle.Edge.Hardware;
using Kuzzle.Edge.Hardware.Sensors;

namespace Kuzzle.Edge.Devices.Actuators;

/// <summary>An output of the board, opened at its first use and again after it has failed.</summary>
/// <typeparam name="T">What the hardware gives; disposing it sets the safe state.</typeparam>
internal abstract class HardwareOutput<T> : IOutput
    where T : class, IDisposable
{
    private readonly Lock _gate = new();
    private bool _isDisposed;

    /// <inheritdoc/>
    public abstract string Description { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<ProbeChannel> Channels { get; }

    /// <inheritdoc/>
    public abstract double Greatest { get; }

    /// <inheritdoc/>
    public abstract bool IsContinuous { get; }

    /// <summary>What is open; null when nothing is.</summary>
    protected T? Opened { get; private set; }

    /// <summary>What is said of it once it has been disposed.</summary>
    protected abstract string GivenBack { get; }

    /// <inheritdoc/>
    public Measurement[] Measure(DateTimeOffset at)
    {
        lock (_gate)
        {
            if (Open() is { } fault) return [Measurement.Failed(fault)];

            var value = Read(Opened!);
            if (value.IsGood) return [Measurement.Of(value.Value)];

            Close();
            return [Measurement.Failed(value.Fault.Message)];
        }
    }

    /// <inheritdoc/>
    public string? Write(double value)
    {
        lock (_gate)
        {
            if (Open() is { } fault) return fault;
            if (Set(Opened!, value) is not { } failure) return null;

            Close();
            return failure.Message;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Close();
        }
    }

    /// <summary>Opens it in its safe state.</summary>
    protected abstract Outcome<T> OpenHardware();

    /// <summary>The value it has.</summary>
    protected abstract Outcome<double> Read(T output);

    /// <summary>Gives it a value.</summary>
    /// <returns>Null when it was done, else why not.</returns>
    protected abstract HardwareFault? Set(T output, double value);

    private string? Open()
    {
        if (Opened is not null) return null;
        if (_isDisposed) return GivenBack;

        var opened = OpenHardware();
        Opened = opened.Value;
        return opened.Fault?.Message;
    }

    private void Close()
    {
        Opened?.Dispose();
        Opened = null;
    }
}
