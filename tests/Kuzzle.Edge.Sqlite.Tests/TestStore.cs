using System.Text;
using System.Text.Json;
using Kuzzle.Edge.Api.Documents;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests;

/// <summary>A store in a directory of its own, with one collection <c>edge/sensors</c>.</summary>
internal sealed class TestStore : IAsyncDisposable
{
    public static readonly CollectionName Sensors = new("edge", "sensors");

    private readonly FixedClock _clock = new(DateTimeOffset.Parse("2024-06-01T10:00:00Z", System.Globalization.CultureInfo.InvariantCulture));
    private SqliteStoreOptions _options;

    private TestStore(SqliteStoreOptions options)
    {
        _options = options;
        Store = SqliteDocumentStore.Open(options, _clock, NullLoggerFactory.Instance);
    }

    public SqliteDocumentStore Store { get; private set; }

    public string Directory => _options.Directory;

    public string DatabaseFile => Path.Combine(Directory, "documents.db");

    public static string NewDirectory() => Path.Combine(Path.GetTempPath(), $"kuzzle-edge-sqlite-{Guid.NewGuid():N}");

    public static async Task<TestStore> CreateAsync(Func<SqliteStoreOptions, SqliteStoreOptions>? configure = null, string mapping = """{"dynamic":"false"}""")
    {
        var options = new SqliteStoreOptions { Directory = NewDirectory() };
        var test = new TestStore(configure?.Invoke(options) ?? options);
        await test.DefineAsync(Sensors, mapping);
        return test;
    }

    public Task DefineAsync(CollectionName name, string mapping) =>
        Store.DefineCollectionAsync(name, _ => new CollectionDefinition(Json(mapping), Json("{}")), CancellationToken.None);

    public static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 256 });
        return document.RootElement.Clone();
    }

    public static string Text(StoredDocument? document) => document is null ? "nothing" : Encoding.UTF8.GetString(document.Json.Span);

    /// <summary>Closes the store and opens it again.</summary>
    public async Task RestartAsync(Func<SqliteStoreOptions, SqliteStoreOptions>? configure = null)
    {
        await Store.DisposeAsync();
        _options = configure?.Invoke(_options) ?? _options;
        Store = SqliteDocumentStore.Open(_options, _clock, NullLoggerFactory.Instance);
    }

    public async Task<IReadOnlyList<WriteOutcome>> WriteAsync(params DocumentWrite[] writes) =>
        await Store.WriteAsync(Sensors, writes, CancellationToken.None) ?? throw new InvalidOperationException("The collection is gone.");

    public Task PutAsync(string id, string json) => WriteAsync(TestWrite.Put(id, json));

    public async Task<string> TextOfAsync(string id) => Text(await Store.FindAsync(Sensors, id, CancellationToken.None));

    public async Task<SearchOutcome> SearchAsync(string body, int from = 0, int size = 100) =>
        await Store.SearchAsync(new SearchRequest { Targets = [Sensors], Body = Json(body), From = from, Size = size }, CancellationToken.None);

    /// <summary>The identifiers of the hits, with spaces between, or the refusal.</summary>
    public async Task<string> IdsAsync(string body, int from = 0, int size = 100)
    {
        var outcome = await SearchAsync(body, from, size);
        return outcome.Refusal is { } refusal ? $"{refusal.Id} {string.Join(' ', refusal.Props)}" : string.Join(' ', outcome.Hits.Select(hit => hit.Document.Id));
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        System.IO.Directory.Delete(Directory, recursive: true);
    }

    private sealed class FixedClock(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
