using System.Runtime.InteropServices;
using Kuzzle.Edge.Koncorde.Geography;

namespace Kuzzle.Edge.Koncorde.Indexes;

/// <summary>
/// Filters by the shape they want. There is a grid of the earth for every size, each twice as fine as the one before; a shape stands in the few cells that
/// it touches of the finest grid whose cells are no smaller than it.
/// </summary>
internal sealed class GeoGrid
{
    // 360° / 2^24 is two metres.
    private const int Levels = 25;

    private readonly Dictionary<ulong, List<Entry>> _cells = [];
    private readonly int[] _shapesAt = new int[Levels];

    public int Count { get; private set; }

    public void Add(GeoShape shape, int posting)
    {
        var level = LevelOf(shape.Bounds);
        foreach (var cell in CellsOf(shape.Bounds, level))
        {
            ref var entries = ref CollectionsMarshal.GetValueRefOrAddDefault(_cells, cell, out _);
            entries ??= new List<Entry>(1);
            entries.Add(new Entry(shape, posting));
        }

        _shapesAt[level]++;
        Count++;
    }

    public void Remove(GeoShape shape, int posting)
    {
        var level = LevelOf(shape.Bounds);
        foreach (var cell in CellsOf(shape.Bounds, level))
        {
            var entries = _cells[cell];
            entries.Remove(new Entry(shape, posting));
            if (entries.Count == 0) _cells.Remove(cell);
        }

        _shapesAt[level]--;
        Count--;
    }

    /// <summary>Which part of the earth a shape covers, very roughly: a guess of how many documents it holds, for documents gather.</summary>
    public static double ShareOf(GeoShape shape)
    {
        var bounds = shape.Bounds;
        return Math.Clamp(Math.Max(bounds.North - bounds.South, bounds.Width) / 360, 0.0001, 1);
    }

    public void Fire(in GeoLocation location, ExpressionIndex sink)
    {
        var point = location.Point;
        if (point.Latitude is < -90 or > 90)
        {
            FireEverywhere(location, sink);
            return;
        }

        for (var level = 0; level < Levels; level++)
        {
            if (_shapesAt[level] == 0) continue;

            var size = 360.0 / (1 << level);
            var cell = KeyOf(level, Wrap(ColumnOf(point.Longitude, size), level), RowOf(point.Latitude, size));
            if (!_cells.TryGetValue(cell, out var entries)) continue;

            foreach (var entry in CollectionsMarshal.AsSpan(entries))
            {
                if (entry.Shape.Contains(location)) sink.Fire(entry.Posting);
            }
        }
    }

    /// <summary>A latitude beyond the pole is in no cell, but may be in a shape all the same.</summary>
    private void FireEverywhere(in GeoLocation location, ExpressionIndex sink)
    {
        foreach (var entry in _cells.Values.SelectMany(static entries => entries).Distinct().ToArray())
        {
            if (entry.Shape.Contains(location)) sink.Fire(entry.Posting);
        }
    }

    private static int LevelOf(GeoBounds bounds)
    {
        var level = 0;
        var extent = Math.Max(bounds.North - bounds.South, bounds.Width);
        while (level < Levels - 1 && 360.0 / (1 << (level + 1)) >= extent) level++;
        return level;
    }

    private static HashSet<ulong> CellsOf(GeoBounds bounds, int level)
    {
        var size = 360.0 / (1 << level);
        var cells = new HashSet<ulong>();
        var lastColumn = Math.Min(ColumnOf(bounds.West + bounds.Width, size), ColumnOf(bounds.West, size) + (1L << level));
        for (var column = ColumnOf(bounds.West, size); column <= lastColumn; column++)
        {
            for (var row = RowOf(bounds.South, size); row <= RowOf(bounds.North, size); row++) cells.Add(KeyOf(level, Wrap(column, level), row));
        }

        return cells;
    }

    private static ulong KeyOf(int level, long column, long row) => ((ulong)level << 56) | ((ulong)column << 28) | (ulong)row;

    private static long ColumnOf(double longitude, double size) => (long)Math.Floor(Math.Clamp(longitude, -1e6, 1e6) / size);

    private static long RowOf(double latitude, double size) => (long)((Math.Clamp(latitude, -90, 90) + 90) / size);

    private static long Wrap(long column, int level) => column & ((1L << level) - 1);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Entry(GeoShape Shape, int Posting);
}
