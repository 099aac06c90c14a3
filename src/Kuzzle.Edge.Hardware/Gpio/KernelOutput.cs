using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>An output of a GPIO character device.</summary>
internal sealed class KernelOutput(IKernel kernel, int descriptor, GpioLineInfo line, bool? safeValue) : IGpioOutput
{
    private readonly KernelLine _line = new(kernel, descriptor, line);

    public GpioLineInfo Line => line;

    public Outcome<bool> Read() => _line.Read();

    public HardwareFault? Write(bool active) => _line.Write(active);

    public void Dispose()
    {
        // A chip that cannot be written any more cannot be made safe either; whoever closes can do nothing about it.
        if (safeValue is { } safe) _ = _line.Write(safe);
        _line.Close();
    }
}
