using System.Runtime.InteropServices;

namespace Kuzzle.Edge.Hardware.Gpio.Abi;

/// <summary>struct gpio_v2_line_config.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LineConfig
{
    public LineFlags Flags;
    public uint AttributeCount;
    public Padding5 Padding;
    public LineConfigAttributes Attributes;

    /// <summary>How one line is to be an input.</summary>
    public static LineConfig Of(GpioInputRequest request)
    {
        var config = new LineConfig
        {
            Flags = LineFlags.Input | Bias(request.Bias)
                | (request.IsActiveLow ? LineFlags.ActiveLow : LineFlags.None)
                | (request.Edges.HasFlag(GpioEdges.Rising) ? LineFlags.EdgeRising : LineFlags.None)
                | (request.Edges.HasFlag(GpioEdges.Falling) ? LineFlags.EdgeFalling : LineFlags.None)
                | (request.Edges != GpioEdges.None && request.Clock == GpioEventClock.Realtime ? LineFlags.RealtimeClock : LineFlags.None),
        };
        if (request.Debounce > TimeSpan.Zero) config.Add(LineAttribute.Debounce, (uint)(request.Debounce.Ticks / TimeSpan.TicksPerMicrosecond));
        return config;
    }

    /// <summary>How one line is to be an output.</summary>
    public static LineConfig Of(GpioOutputRequest request)
    {
        var config = new LineConfig
        {
            Flags = LineFlags.Output | Bias(request.Bias)
                | (request.IsActiveLow ? LineFlags.ActiveLow : LineFlags.None)
                | request.Drive switch
                {
                    GpioDrive.OpenDrain => LineFlags.OpenDrain,
                    GpioDrive.OpenSource => LineFlags.OpenSource,
                    _ => LineFlags.None,
                },
        };
        config.Add(LineAttribute.OutputValues, request.InitialValue ? 1UL : 0);
        return config;
    }

    private static LineFlags Bias(GpioBias bias) => bias switch
    {
        GpioBias.Disabled => LineFlags.BiasDisabled,
        GpioBias.PullUp => LineFlags.BiasPullUp,
        GpioBias.PullDown => LineFlags.BiasPullDown,
        _ => LineFlags.None,
    };

    private void Add(uint id, ulong value) =>
        Attributes[(int)AttributeCount++] = new LineConfigAttribute { Attribute = new LineAttribute { Id = id, Value = value }, Mask = 1 };
}
