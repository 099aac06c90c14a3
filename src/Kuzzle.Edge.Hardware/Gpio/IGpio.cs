namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>General-purpose lines: those of the kernel, or of an expander.</summary>
public interface IGpio
{
    /// <summary>All chips with their lines, in the order of their numbers.</summary>
    IReadOnlyList<GpioChipInfo> ListChips();

    /// <summary>Takes a line as an input. It is ours until it is disposed of.</summary>
    Outcome<IGpioInput> OpenInput(GpioInputRequest request);

    /// <summary>Takes a line as an output. It is ours until it is disposed of, when it takes its safe value.</summary>
    Outcome<IGpioOutput> OpenOutput(GpioOutputRequest request);
}
