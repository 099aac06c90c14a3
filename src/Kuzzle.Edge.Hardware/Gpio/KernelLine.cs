using Kuzzle.Edge.Hardware.Gpio.Abi;
using Kuzzle.Edge.Hardware.Kernel;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>A line that the kernel has given us, as one descriptor. Nothing reaches the kernel after it was closed, when its number may already be another's.</summary>
internal sealed class KernelLine(IKernel kernel, int descriptor, GpioLineInfo line)
{
    private readonly Lock _gate = new();
    private bool _isClosed;

    public int Descriptor => descriptor;

    public Outcome<bool> Read()
    {
        lock (_gate)
        {
            if (_isClosed) return Closed();

            var values = new LineValues { Mask = 1 };
            var answer = kernel.Control(descriptor, GpioControl.GetValues, KernelGpio.Bytes(ref values));
            return answer < 0 ? Errno.Fault(answer, $"The {line} cannot be read") : (values.Bits & 1) != 0;
        }
    }

    public HardwareFault? Write(bool active)
    {
        lock (_gate)
        {
            if (_isClosed) return Closed();

            var values = new LineValues { Mask = 1, Bits = active ? 1UL : 0 };
            var answer = kernel.Control(descriptor, GpioControl.SetValues, KernelGpio.Bytes(ref values));
            return answer < 0 ? Errno.Fault(answer, $"The {line} cannot be set") : null;
        }
    }

    public HardwareFault? Configure(LineConfig config)
    {
        lock (_gate)
        {
            if (_isClosed) return Closed();

            var answer = kernel.Control(descriptor, GpioControl.SetConfig, KernelGpio.Bytes(ref config));
            return answer < 0 ? Errno.Fault(answer, $"The {line} cannot be configured so") : null;
        }
    }

    public void Close()
    {
        lock (_gate)
        {
            if (_isClosed) return;

            _isClosed = true;
            kernel.Close(descriptor);
        }
    }

    private HardwareFault Closed() => new(HardwareFaultKind.Closed, $"The {line} has been given back.");
}
