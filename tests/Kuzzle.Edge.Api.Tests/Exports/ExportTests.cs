using System.IO.Pipelines;
using System.Text;
using Kuzzle.Edge.Api.Requests;

namespace Kuzzle.Edge.Api.Tests.Exports;

public sealed class ExportTests
{
    private const int Documents = 90; // thirty steps of the store in memory
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly PipeOptions NarrowPipe = new(
        pauseWriterThreshold: 1000, resumeWriterThreshold: 500, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);

    [Fact]
    public async Task An_export_reads_no_further_ahead_than_its_client()
    {
        using var gateway = new Gateway();
        var content = await ExportAsync(gateway);
        var pipe = new Pipe(NarrowPipe);

        var writing = WriteAsync(content, pipe.Writer);

        writing.IsCompleted.ShouldBeFalse("nobody has read anything yet");
        gateway.Store.Steps.ShouldBeLessThan(10);

        using var file = new MemoryStream();
        await pipe.Reader.CopyToAsync(file).WaitAsync(Patience);
        await writing.WaitAsync(Patience);
        Encoding.UTF8.GetString(file.ToArray()).Split('\n').Length.ShouldBe(1 + Documents + 1);
        gateway.Store.Steps.ShouldBe((Documents / 3) + 1);
    }

    [Fact]
    public async Task An_export_ends_when_its_client_leaves()
    {
        using var gateway = new Gateway();
        var content = await ExportAsync(gateway);
        var pipe = new Pipe(NarrowPipe);
        var writing = WriteAsync(content, pipe.Writer);

        await pipe.Reader.CompleteAsync();

        await writing.WaitAsync(Patience);
        gateway.Store.Steps.ShouldBeLessThan(10);
    }

    private static async Task WriteAsync(ResultContent content, PipeWriter output)
    {
        await content.WriteAsync(output, CancellationToken.None);
        await output.CompleteAsync();
    }

    private static async Task<ResultContent> ExportAsync(Gateway gateway)
    {
        await gateway.MustAsync("collection:create");
        for (var i = 0; i < Documents; i++) await gateway.MustAsync("document:create", "\"_id\":\"d" + i + "\",\"body\":{\"text\":\"" + new string('x', 60) + "\"}");

        var request = """{"controller":"document","action":"export","index":"i","collection":"c"}"""u8.ToArray();
        ApiRequest.TryParse(request, new ClientConnection("http", remoteAddress: null), gateway.Clock, out var parsed, out var fault).ShouldBeTrue(fault?.Message);
        var response = await gateway.Api.ExecuteAsync(parsed!, CancellationToken.None);
        return response.Content.ShouldNotBeNull(response.Error?.Message);
    }
}
