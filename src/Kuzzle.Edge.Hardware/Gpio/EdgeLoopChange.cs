namespace Kuzzle.Edge.Hardware.Gpio;

/// <param name="Done">Set when it is so; null when nobody waits for it.</param>
internal sealed record EdgeLoopChange(KernelInput Input, bool IsAdded, ManualResetEventSlim? Done);
