using System.Globalization;

namespace Kuzzle.Edge.Hardware.Simulated;

/// <summary>Reads a recording: one line for each value, its time first. The first line may name the columns. Columns are parted by commas or semicolons; # begins a comment.</summary>
internal static class ReplayFile
{
    /// <summary>About 16 MB in memory.</summary>
    public const int MaxRows = 1_000_000;

    private const int MaxFaultsTold = 5;

    /// <summary>The rows, by their time since the first one.</summary>
    /// <param name="column">The name of the value's column, or its number from 1; null takes the second.</param>
    public static Outcome<List<ReplayRow>> Read(string path, string? column)
    {
        try
        {
            return Parse(path, File.ReadLines(path), column);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return new HardwareFault(HardwareFaultKind.NotFound, $"There is no recording {path}.");
        }
        catch (UnauthorizedAccessException)
        {
            return new HardwareFault(HardwareFaultKind.NotAllowed, $"The recording {path} may not be read by this user.");
        }
        catch (IOException failure)
        {
            return new HardwareFault(HardwareFaultKind.Failed, $"The recording {path} cannot be read: {failure.Message}");
        }
    }

    private static Outcome<List<ReplayRow>> Parse(string path, IEnumerable<string> lines, string? column)
    {
        var rows = new List<ReplayRow>();
        var faults = new List<string>();
        var index = column is null ? 1 : IndexOf(column);
        var first = default(double?);
        var number = 0;
        var isFirstLine = true;
        foreach (var line in lines)
        {
            number++;
            if (line.AsSpan().Trim() is not { IsEmpty: false } text || text[0] == '#') continue;

            var cells = line.Split(line.Contains(';', StringComparison.Ordinal) ? ';' : ',', StringSplitOptions.TrimEntries);
            var seconds = Seconds(cells[0]);
            if (isFirstLine)
            {
                isFirstLine = false;
                if (index is null) index = Array.IndexOf(cells, column) is var named and >= 1 ? named : null;
                if (index is null) return new HardwareFault(HardwareFaultKind.BadRequest, $"The recording {path} has no column '{column}'; it has {string.Join(", ", cells.Skip(1))}.");
                if (seconds is null) continue; // The names of the columns.
            }

            if (rows.Count == MaxRows) return new HardwareFault(HardwareFaultKind.BadRequest, $"The recording {path} has more than {MaxRows} rows.");

            first ??= seconds;
            if (Row(cells, index!.Value, seconds - first, rows) is { } fault) faults.Add($"line {number} {fault}");
            if (faults.Count == MaxFaultsTold) break;
        }

        if (faults.Count > 0) return new HardwareFault(HardwareFaultKind.BadRequest, $"The recording {path} has faults: {string.Join("; ", faults)}.");

        return rows.Count == 0 ? new HardwareFault(HardwareFaultKind.BadRequest, $"The recording {path} has no rows.") : rows;
    }

    private static string? Row(string[] cells, int index, double? seconds, List<ReplayRow> rows)
    {
        if (seconds is not { } at) return $"begins with '{cells[0]}', which is neither seconds nor a time such as 2026-01-31T12:00:00Z";
        if (rows.Count > 0 && at < rows[^1].Seconds) return "is earlier than the one before";
        if (index >= cells.Length) return $"has {cells.Length} columns, and the value should be in number {index + 1}";

        var cell = cells[index];
        if (cell.Length == 0)
        {
            rows.Add(new ReplayRow(at, double.NaN));
            return null;
        }

        if (!double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value)) return $"has '{cell}' for a value";

        rows.Add(new ReplayRow(at, value));
        return null;
    }

    private static int? IndexOf(string column) =>
        int.TryParse(column, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= 2 ? number - 1 : null;

    private static double? Seconds(string cell)
    {
        if (double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)) return double.IsFinite(seconds) ? seconds : null;

        return DateTimeOffset.TryParse(cell, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUnixTimeMilliseconds() / 1000.0 : null;
    }
}
