namespace Kuzzle.Edge.Hardware.Gpio;

/// <summary>How many edges an input has seen since it was opened.</summary>
/// <param name="Total">All that the kernel counted, those it had no room for included: exact.</param>
/// <param name="Missed">Of these, how many the kernel had no room to report.</param>
/// <param name="Unread">Of those reported, how many were given up because nobody took them from <see cref="IGpioInput.Edges"/>.</param>
/// <param name="LastTimestampNanoseconds">When the last one was, by the line's clock; 0 before the first.</param>
public readonly record struct EdgeCount(long Total, long Missed, long Unread, long LastTimestampNanoseconds);
