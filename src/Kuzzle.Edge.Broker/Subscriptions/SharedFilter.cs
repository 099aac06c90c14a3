namespace Kuzzle.Edge.Broker.Subscriptions;

/// <summary>Filters of the form <c>$share/NAME/FILTER</c>.</summary>
internal static class SharedFilter
{
    private static ReadOnlySpan<byte> Prefix => "$share/"u8;

    public static bool IsShared(ReadOnlySpan<byte> filter) => filter.StartsWith(Prefix);

    /// <summary><c>NAME/FILTER</c> of a valid shared filter.</summary>
    public static ReadOnlySpan<byte> KeyOf(ReadOnlySpan<byte> filter) => filter[Prefix.Length..];
}
