using System.Threading.Channels;

namespace Kuzzle.Edge.Hardware.Gpio.Expanders;

/// <summary>An input of an expander.</summary>
internal sealed class ExpanderInput(ExpanderLine line) : IGpioInput
{
    private readonly Channel<GpioEdge> _noEdges = Channel.CreateBounded<GpioEdge>(1);

    public GpioLineInfo Line => line.Info;

    public ChannelReader<GpioEdge> Edges => _noEdges.Reader;

    public EdgeCount Count => default;

    public Outcome<bool> Read() => line.Chip.Read(line);

    public HardwareFault? Reconfigure(GpioInputRequest request)
    {
        if (request.Edges != GpioEdges.None || request.Debounce > TimeSpan.Zero || request.Bias == GpioBias.PullDown || request.IsActiveLow != line.IsActiveLow)
        {
            return new HardwareFault(HardwareFaultKind.NotSupported, $"Of the {line.Info} only the pull-up can be changed.");
        }

        return request.Bias == GpioBias.AsIs ? null : line.Chip.Pull(line, request.Bias);
    }

    public void Dispose()
    {
        line.Chip.Release(line);
        _noEdges.Writer.TryComplete();
    }
}
