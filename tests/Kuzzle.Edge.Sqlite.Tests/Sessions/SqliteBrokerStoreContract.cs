using Kuzzle.Edge.Broker.Storage;
using Kuzzle.Edge.Testing.BrokerStores;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kuzzle.Edge.Sqlite.Tests.Sessions;

public sealed class SqliteBrokerStoreContract : BrokerStoreContract
{
    private readonly string _directory = TestStore.NewDirectory();

    protected override IBrokerStore Open() => SqliteBrokerStore.Open(new SqliteBrokerStoreOptions { Directory = _directory }, NullLoggerFactory.Instance);

    protected override async Task EndAsync()
    {
        await base.EndAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
