using System.Threading.Channels;

namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>A line that is read. Safe to use from several threads. Disposing gives the line back.</summary>
public interface IGpioInput : IDisposable
{
    /// <summary>Which line it is.</summary>
    GpioLineInfo Line { get; }

    /// <summary>The edges asked for, oldest first. Completed when the line is disposed of, or with an exception when the chip goes away. Empty when no edges were asked for.</summary>
    ChannelReader<GpioEdge> Edges { get; }

    /// <summary>How many edges there were, also those that nobody read.</summary>
    EdgeCount Count { get; }

    /// <summary>True when the line is active now.</summary>
    Outcome<bool> Read();

    /// <summary>Changes bias, edges, debounce or polarity without giving the line back. The line itself, the clock and the queue stay as they are.</summary>
    /// <returns>Null when it was done.</returns>
    HardwareFault? Reconfigure(GpioInputRequest request);
}
