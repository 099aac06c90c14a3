using System.Text;
using Serilog.Events;

namespace Kuzzle.Edge.Logging;

/// <summary>What stands before the message of a line.</summary>
internal interface ILogLineStart
{
    /// <summary>Appends it.</summary>
    void Append(StringBuilder line, LogEvent logEvent);
}
