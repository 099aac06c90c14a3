using System.Buffers;
using Kuzzle.Edge.Api.Documents;

namespace Kuzzle.Edge.Api.Exports;

/// <summary>How exported documents are written down.</summary>
internal interface IExportFormat
{
    string ContentType { get; }

    /// <summary>What stands before the first document.</summary>
    void WriteHead(IBufferWriter<byte> output);

    void Write(IBufferWriter<byte> output, StoredDocument document);
}
