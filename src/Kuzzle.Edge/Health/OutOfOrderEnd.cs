namespace Kuzzle.Edge.Health;

/// <summary>How a time out of order ends.</summary>
internal enum OutOfOrderEnd
{
    /// <summary>The data can be used.</summary>
    InOrder,

    /// <summary>The data can be used, but not by this process: it must end, and the service manager start a new one.</summary>
    NewStartNeeded,
}
