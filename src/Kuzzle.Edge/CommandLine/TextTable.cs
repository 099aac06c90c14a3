namespace Kuzzle.Edge.CommandLine;

/// <summary>A table for people, in columns that line up.</summary>
internal static class TextTable
{
    /// <summary>Prints a title, a heading and the rows; of an empty table, that there is nothing.</summary>
    public static void Print(string title, string[] heading, IReadOnlyList<string[]> rows)
    {
        Console.Out.WriteLine(title);
        if (rows.Count == 0)
        {
            Console.Out.WriteLine("  (none)");
            return;
        }

        var widths = heading.Select((name, column) => Math.Max(name.Length, rows.Max(row => row[column].Length))).ToArray();
        Console.Out.WriteLine(Line(heading, widths));
        foreach (var row in rows) Console.Out.WriteLine(Line(row, widths));
    }

    private static string Line(string[] cells, int[] widths) => $"  {string.Join("  ", cells.Select((cell, column) => cell.ReplaceLineEndings(" ").PadRight(widths[column])))}".TrimEnd();
}
