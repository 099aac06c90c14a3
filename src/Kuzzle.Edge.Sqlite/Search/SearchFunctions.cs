using Kuzzle.Edge.Sqlite.Native;
using Kuzzle.Edge.Sqlite.Search.Fields;
using Kuzzle.Edge.Sqlite.Search.Values;
using SQLitePCL;

namespace Kuzzle.Edge.Sqlite.Search;

/// <summary>
/// The functions that a search's SQL calls. SQLite's own JSON functions cannot say what Elasticsearch means by a field (arrays at any level, "21.5" as a
/// number, dates, words), so SQL composes, counts and sorts, and these look into the documents:
/// <c>matches(source or id, n)</c> is 1 when leaf n of the running query holds, <c>sort_key(source, n)</c> is what key n sorts the document by, or NULL.
/// Fields and values stay on this side: no text of a client is ever part of a statement.
/// </summary>
internal sealed class SearchFunctions
{
    private static readonly byte[][] BooleanKeys = [[0], [1]];

    private readonly FieldScanner _scanner = new();
    private IReadOnlyList<LeafTest> _tests = [];
    private IReadOnlyList<SortField> _sortFields = [];

    public SearchFunctions(SqliteConnection connection)
    {
        // Made once: a method's name in place of a delegate would make a new one for every document.
        var matches = new Action<sqlite3_context, sqlite3_value[]>(Matches);
        var sortKey = new Action<sqlite3_context, sqlite3_value[]>(SortKey);
        Register(connection, "matches", (context, _, arguments) => Guard(context, arguments, matches));
        Register(connection, "sort_key", (context, _, arguments) => Guard(context, arguments, sortKey));
    }

    /// <summary>What the next statement's numbers stand for.</summary>
    public void Use(IReadOnlyList<LeafTest> tests, IReadOnlyList<SortField> sortFields)
    {
        _tests = tests;
        _sortFields = sortFields;
    }

    private static void Register(SqliteConnection connection, string name, delegate_function_scalar function)
    {
        // Not deterministic in SQLite's sense: what a number stands for changes with each search.
        if (raw.sqlite3_create_function(connection.Handle, name, 2, raw.SQLITE_UTF8, v: null, function) != raw.SQLITE_OK) throw connection.Failure();
    }

    /// <summary>An exception must not run through SQLite's frames: it becomes an error of the statement.</summary>
    private static void Guard(sqlite3_context context, sqlite3_value[] arguments, Action<sqlite3_context, sqlite3_value[]> function)
    {
        try
        {
            function(context, arguments);
        }
        catch (Exception exception)
        {
            raw.sqlite3_result_error(context, $"{exception.GetType().Name}: {exception.Message}");
        }
    }

    private void Matches(sqlite3_context context, sqlite3_value[] arguments)
    {
        var test = _tests[raw.sqlite3_value_int(arguments[1])];
        raw.sqlite3_result_int(context, test.Matches(_scanner, raw.sqlite3_value_blob(arguments[0])) ? 1 : 0);
    }

    private void SortKey(sqlite3_context context, sqlite3_value[] arguments)
    {
        var key = _sortFields[raw.sqlite3_value_int(arguments[1])].ValueOf(_scanner, raw.sqlite3_value_blob(arguments[0]));
        if (!key.HasValue) raw.sqlite3_result_null(context);
        else if (key.Type == FieldValueType.Boolean) raw.sqlite3_result_blob(context, BooleanKeys[key.Number.Whole]);
        else if (key.Type == FieldValueType.Number) Result(context, key.Number);
        else if (key.Text.IsEmpty) raw.sqlite3_result_text(context, "");
        else raw.sqlite3_result_text(context, key.Text);
    }

    private static void Result(sqlite3_context context, Number number)
    {
        if (number.IsWhole) raw.sqlite3_result_int64(context, number.Whole);
        else raw.sqlite3_result_double(context, number.Real);
    }
}
