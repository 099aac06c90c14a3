namespace Kuzzle.Edge.Sync.Connections;

/// <summary>How long an answer may take: as long as is configured, and longer while bytes come or have to go, for a slow line is not a dead one.</summary>
internal static class AnswerTime
{
    /// <summary>A slower line is as good as dead.</summary>
    private const int LeastBytesPerSecond = 1024;

    /// <summary>Notifications on the same line are bytes that come, too: an answer that got lost is given up all the same.</summary>
    private const int MostTimes = 20;

    /// <summary>What a request that cannot be made smaller may take to be sent.</summary>
    public static TimeSpan ToSend(int bytes) => TimeSpan.FromSeconds((double)bytes / LeastBytesPerSecond);

    /// <summary>How long it may still take; nothing when its time is over.</summary>
    /// <param name="timeout">What is configured.</param>
    /// <param name="receivedBytes">What has come since it was asked for.</param>
    /// <param name="elapsed">How long that is ago.</param>
    public static TimeSpan Left(TimeSpan timeout, long receivedBytes, TimeSpan elapsed)
    {
        var more = TimeSpan.FromTicks(Math.Min((MostTimes - 1) * timeout.Ticks, TimeSpan.FromSeconds((double)receivedBytes / LeastBytesPerSecond).Ticks));
        return timeout + more is var all && all > elapsed ? all - elapsed : TimeSpan.Zero;
    }
}
