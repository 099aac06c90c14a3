namespace Kuzzle.Edge.Hardware;

/// <summary>Why something could not be done with a device.</summary>
/// <param name="Kind">For programs.</param>
/// <param name="Message">For people: a sentence that names the device, the line or the file.</param>
public sealed record HardwareFault(HardwareFaultKind Kind, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
