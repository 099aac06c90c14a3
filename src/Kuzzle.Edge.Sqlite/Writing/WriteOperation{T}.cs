namespace Kuzzle.Edge.Sqlite.Writing;

/// <summary>An operation with an answer.</summary>
internal abstract class WriteOperation<T> : WriteOperation
{
    // Asynchronously: what a caller does with the answer must not run on the writer's thread.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _answer;

    /// <summary>Completes after the commit.</summary>
    public Task<T> Durable => _completion.Task;

    public sealed override void Execute(WriteContext context) => _answer = Perform(context);

    public sealed override void Complete() => _completion.TrySetResult(_answer!);

    public sealed override void Fail(Exception reason) => _completion.TrySetException(reason);

    protected abstract T Perform(WriteContext context);
}
