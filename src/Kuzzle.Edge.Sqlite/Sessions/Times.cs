using Kuzzle.Edge.Sqlite.Native;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Sessions;

/// <summary>Times as they are stored: ticks in UTC, or NULL.</summary>
internal static class Times
{
    public static void Bind(SqliteStatement statement, int parameter, DateTimeOffset? time)
    {
        if (time is { } at) statement.Bind(parameter, at.UtcTicks);
        else statement.BindNull(parameter);
    }

    public static DateTimeOffset? Read(SqliteStatement row, int column)
    {
        if (row.IsNull(column)) return null;

        var ticks = row.Int64(column);
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new SqliteException(raw.SQLITE_CORRUPT, $"{ticks} is no time", row.File);
    }
}
