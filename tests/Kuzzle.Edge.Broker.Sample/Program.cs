using System.Net;
using Kuzzle.Edge.Broker.Sample;
using Kuzzle.Edge.Listeners.Hosting;
using Microsoft.Extensions.Hosting;

// A program that embeds the broker: `dotnet run --project tests/Kuzzle.Edge.Broker.Sample 1884`, then any MQTT client, for instance
// `mosquitto_sub -p 1884 -u ops -P secret -t '$SYS/binarybeast/#' -v`.
var builder = Host.CreateApplicationBuilder();
var port = args is [var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : 1884;
builder.Services.AddSite(options => options.ListenTcp(IPAddress.Loopback, port));
using var host = builder.Build();
await host.RunAsync();
