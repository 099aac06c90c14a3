namespace Kuzzle.Edge.Sqlite.Search.Aggregations;

/// <summary>The order of buckets in an answer; at last by the key, so that it is always the same.</summary>
internal sealed class TermBucketComparer(IReadOnlyList<BucketOrder> orders) : IComparer<TermBucket>
{
    public int Compare(TermBucket? x, TermBucket? y)
    {
        foreach (var order in orders)
        {
            var compared = order.IsCount ? x!.Bucket.Count.CompareTo(y!.Bucket.Count)
                : order.IsKey ? Keys(x!, y!)
                : Measures(x!.Bucket.Measure(order.Path), y!.Bucket.Measure(order.Path), order.Descending);
            if (compared != 0) return order.Descending ? -compared : compared;
        }

        return Keys(x!, y!);
    }

    private static int Keys(TermBucket x, TermBucket y) => x.Key.View.OrderAgainst(y.Key.View);

    /// <summary>Where there is no number comes last, whatever the direction.</summary>
    private static int Measures(double x, double y, bool descending)
    {
        if (double.IsNaN(x) || double.IsNaN(y)) return (double.IsNaN(x) ? 1 : 0).CompareTo(double.IsNaN(y) ? 1 : 0) * (descending ? -1 : 1);
        return x.CompareTo(y);
    }
}
