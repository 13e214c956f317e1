using System.Text.Json;
using LmPlayground.EndToEnd.Support;

namespace LmPlayground.EndToEnd;

/// <summary>The program without a browser.</summary>
public class CommandLineTests
{
    private static readonly string[] Story = ["generate", "--model", "transformer", "--prompt", "Once upon a time", "--seed", "7"];

    [Fact]
    public async Task Json_has_one_object_a_token_and_one_of_the_run()
    {
        var result = await CommandLine.RunAsync([.. Story, "--max-new-tokens", "6", "--temperature", "0.8", "--top-k", "40", "--top-p", "0.9", "--top", "5", "--json"]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var lines = result.Lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        Assert.Equal(7, lines.Length);
        foreach (var token in lines[..^1])
        {
            string[] names = ["position", "id", "text", "logit", "probability", "sampledProbability", "rank", "surprisal", "entropy", "stages", "draw", "top"];
            Assert.Equal(
                token.GetProperty("position").GetInt32() == lines[^2].GetProperty("position").GetInt32() ? [.. names, "stop"] : names,
                token.EnumerateObject().Select(property => property.Name));
            Assert.Equal(
                ["temperature", "top_k", "top_p"],
                token.GetProperty("stages").EnumerateArray().Select(stage => stage.GetProperty("stage").GetString()));
            Assert.Equal(
                ["stage", "kept", "removedMass", "entropyBefore", "entropyAfter"],
                token.GetProperty("stages")[0].EnumerateObject().Select(property => property.Name));
            var draw = token.GetProperty("draw");
            Assert.InRange(draw.GetProperty("u").GetDouble(), draw.GetProperty("low").GetDouble(), draw.GetProperty("high").GetDouble());
            Assert.Contains(token.GetProperty("top").EnumerateArray(), top => top.GetProperty("id").GetInt32() == token.GetProperty("id").GetInt32());
            Assert.Equal(
                ["id", "text", "logit", "probability", "sampledProbability", "removedBy"],
                token.GetProperty("top")[0].EnumerateObject().Select(property => property.Name));
        }

        var run = lines[^1];
        Assert.Equal(
            ["finishReason", "seed", "text", "promptTokens", "newTokens", "tokensPerSecond", "timeToFirstTokenMs", "stop"],
            run.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("length", 7, 6), (run.GetProperty("finishReason").GetString(), run.GetProperty("seed").GetInt32(), run.GetProperty("newTokens").GetInt32()));
        Assert.Equal(string.Concat(lines[..^1].Select(token => token.GetProperty("text").GetString())), run.GetProperty("text").GetString());
    }

    [Fact]
    public async Task Plain_text_is_the_text_of_the_json_and_the_same_every_time()
    {
        string[] arguments = [.. Story, "--max-new-tokens", "20"];
        var text = await CommandLine.RunAsync(arguments);
        var json = await CommandLine.RunAsync([.. arguments, "--json"]);
        Assert.Equal(JsonDocument.Parse(json.Lines[^1]).RootElement.GetProperty("text").GetString() + "\n", text.Output);
    }

    [Fact]
    public async Task A_stop_string_is_not_printed_and_token_ids_are_taken_as_they_are()
    {
        var ids = (await CommandLine.RunAsync([.. Story, "--temperature", "0", "--max-new-tokens", "12", "--json"])).Lines[..^1]
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var text = string.Concat(ids.Select(token => token.GetProperty("text").GetString()));
        var stop = text.Substring(text.Length / 2, 3);
        var stopped = await CommandLine.RunAsync([.. Story, "--temperature", "0", "--max-new-tokens", "12", "--stop", stop]);
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)] + "\n", stopped.Output);
        Assert.Equal(stopped.Output, (await CommandLine.RunAsync([.. Story, "--stop", "never said", stop, "--temperature", "0", "--max-new-tokens", "12"])).Output);

        var next = await CommandLine.RunAsync(
            "generate", "--model", "transformer", "--prompt-ids", string.Join(',', ids.Select(token => token.GetProperty("id").GetInt32())), "--max-new-tokens", "1", "--json");
        Assert.Equal(12, JsonDocument.Parse(next.Lines[^1]).RootElement.GetProperty("promptTokens").GetInt32());
    }

    [Fact]
    public async Task Models_lists_what_can_be_loaded_and_folders_add_to_it()
    {
        var embedded = await CommandLine.RunAsync("models");
        Assert.Equal(0, embedded.ExitCode);
        Assert.Contains("Story Transformer", embedded.Output, StringComparison.Ordinal);

        var zoo = TestFiles.AllOfZoo;
        Assert.Contains("gpt2", (await CommandLine.RunAsync("models", "--models", zoo)).Output, StringComparison.Ordinal);
        var info = CommandLine.StartInfo("generate", "--model", "gpt2", "--prompt", "Once", "--max-new-tokens", "2");
        info.Environment["LMPLAYGROUND_MODELS"] = zoo;
        Assert.Equal(0, (await CommandLine.RunAsync(info)).ExitCode);
    }

    [Fact]
    public async Task A_real_instruction_tuned_model_answers_as_its_reference_says()
    {
        var folder = SharedFiles.SmolLm2;
        using var reference = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "reference.json")));
        var expected = reference.RootElement.GetProperty("cases")[0];
        var result = await CommandLine.RunAsync(
            "generate", "--model", folder, "--prompt", expected.GetProperty("prompt").GetString()!, "--temperature", "0", "--max-new-tokens", "6", "--json");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(
            expected.GetProperty("greedy").EnumerateArray().Take(6).Select(id => id.GetInt32()),
            result.Lines[..^1].Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetInt32()));
    }

    public static TheoryData<string, string> WrongInput => new()
    {
        { "generate --model transformer", "--prompt" },
        { "generate --model transformer --prompt a --prompt-ids 1", "not both" },
        { "generate --model transformer --prompt-ids 1,x", "'x'" },
        { "generate --model transformer --prompt-ids 99999", "99999" },
        { "generate --model nosuch --prompt a", "nosuch" },
        { "generate --model /no/such/folder --prompt a", "/no/such/folder" },
        { "generate --model transformer --prompt a --temperature 9", "from 0 to 5" },
        { "generate --model transformer --prompt a --temperature warm", "'warm'" },
        { "generate --model transformer --prompt a --top-k 1.5", "whole number" },
        { "generate --model transformer --prompt a --seed -2", "--seed" },
        { "generate --model transformer --prompt a --max-new-tokens 0", "--max-new-tokens" },
        { "generate --model transformer --prompt a --order top_q", "top_q" },
        { "generate --model transformer --prompt a --nonsense", "--nonsense" },
        { "generate --model transformer --prompt a --order temperature --top-k 5", "top_k is on" },
        { "generate --model transformer --prompt a --logit-bias nonsense", "--logit-bias" },
        { "generate --prompt a", "--model" },
        { "models --models /no/such/folder", "/no/such/folder" },
        { "nonsense", "nonsense" },
    };

    [Theory]
    [MemberData(nameof(WrongInput))]
    public async Task Wrong_input_gives_one_clear_line_and_exit_code_2(string arguments, string words)
    {
        var result = await CommandLine.RunAsync(arguments.Split(' '));
        Assert.Equal(2, result.ExitCode);
        Assert.Equal("", result.Output);
        Assert.Single(result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trace_runs_chains_as_transformers_does()
    {
        var conformance = TestFiles.Fixture("conformance", "sampling.json");
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(conformance));
        var cases = document.RootElement.GetProperty("cases").EnumerateArray().ToArray();
        var result = await CommandLine.RunAsync(CommandLine.StartInfo("trace"), string.Join('\n', cases.Select(test => test.GetRawText().ReplaceLineEndings(""))));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(cases.Length, result.Lines.Length);
        foreach (var (test, line) in cases.Zip(result.Lines))
        {
            var output = JsonDocument.Parse(line).RootElement;
            Assert.Equal(["stages", "draw", "token"], output.EnumerateObject().Select(property => property.Name));
            Assert.Equal(
                test.GetProperty("chain").EnumerateArray().Select(stage => (stage.GetProperty("stage").GetString(), stage.GetProperty("count").GetInt32())),
                output.GetProperty("stages").EnumerateArray().Select(stage => (stage.GetProperty("stage").GetString(), stage.GetProperty("count").GetInt32())));
        }
    }

    [Theory]
    [InlineData("gpt2_real")]
    [InlineData("llama2")]
    [InlineData("bert")]
    public async Task Tokenize_splits_as_hugging_face_does(string name)
    {
        var folder = TestFiles.Fixture("conformance", "tokenizers", name);
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "cases.json")));
        var cases = document.RootElement.EnumerateArray().ToArray();
        var result = await CommandLine.RunAsync(
            CommandLine.StartInfo("tokenize", "--tokenizer", folder),
            string.Join('\n', cases.Select(test => JsonSerializer.Serialize(new { text = test.GetProperty("text").GetString() }))));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        foreach (var (test, line) in cases.Zip(result.Lines))
        {
            foreach (var property in JsonDocument.Parse(line).RootElement.EnumerateObject())
                Assert.True(JsonElement.DeepEquals(test.GetProperty(property.Name), property.Value), $"{property.Name} of {test.GetProperty("text")}");
        }

        Assert.Equal(cases.Length, result.Lines.Length);
    }

    [Fact]
    public async Task Chat_template_renders_as_transformers_does()
    {
        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(TestFiles.Fixture("conformance", "chat_templates.json")));
        var root = document.RootElement;
        var cases = root.GetProperty("cases").EnumerateArray().ToArray();
        var result = await CommandLine.RunAsync(
            CommandLine.StartInfo("chat-template"),
            string.Join('\n', cases.Select(test => JsonSerializer.Serialize(new
            {
                template = root.GetProperty("templates").GetProperty(test.GetProperty("template").GetString()!),
                messages = root.GetProperty("messages").GetProperty(test.GetProperty("messages").GetString()!),
                tools = test.GetProperty("tools"),
                add_generation_prompt = test.GetProperty("add_generation_prompt"),
                variables = test.GetProperty("variables"),
            }))));
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal(cases.Length, result.Lines.Length);
        foreach (var (test, line) in cases.Zip(result.Lines))
        {
            var member = JsonDocument.Parse(line).RootElement.EnumerateObject().Single();
            Assert.Equal(test.GetProperty(member.Name).GetString(), member.Value.GetString());
        }
    }

    [Fact]
    public async Task Generate_with_chat_reads_the_message_as_the_template_writes_it()
    {
        var model = SharedFiles.SmolLm2;
        string[] common = ["generate", "--model", model, "--temperature", "0", "--max-new-tokens", "12", "--seed", "1"];
        var chat = await CommandLine.RunAsync(CommandLine.StartInfo([.. common, "--chat", "--system", "Be brief.", "--prompt", "What is the capital of France?"]));
        var raw = await CommandLine.RunAsync(CommandLine.StartInfo(
            [.. common, "--raw", "--prompt", "<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhat is the capital of France?<|im_end|>\n<|im_start|>assistant\n"]));
        Assert.Equal((0, ""), (chat.ExitCode, chat.Error));
        Assert.Equal(raw.Output, chat.Output);
        Assert.Contains("Paris", chat.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("leave out --system", "generate", "--model", "instruct", "--prompt", "Hi", "--system", "x", "--raw")]
    [InlineData("leave out --system", "generate", "--model", "transformer", "--prompt", "Hi", "--system", "x")]
    [InlineData("not both", "generate", "--model", "instruct", "--prompt", "Hi", "--chat", "--raw")]
    [InlineData("--chat needs the user's message", "generate", "--model", "instruct", "--prompt-ids", "1", "--chat")]
    [InlineData("has no chat template", "generate", "--model", "transformer", "--prompt", "Hi", "--chat")]
    public async Task Generate_says_what_chat_needs(string words, params string[] arguments)
    {
        var result = await CommandLine.RunAsync(CommandLine.StartInfo(arguments));
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "line 1: this is not valid JSON")]
    [InlineData("[]", "JSON object")]
    [InlineData("{\"chain\": []}", "logits")]
    [InlineData("{\"logits\": [1, \"x\"], \"chain\": []}", "logits")]
    [InlineData("{\"logits\": [1, \"NaN\"], \"chain\": []}", "NaN")]
    [InlineData("{\"logits\": [1, 2]}", "chain")]
    [InlineData("{\"logits\": [1, 2], \"chain\": [{\"stage\": \"top_q\"}]}", "top_q")]
    [InlineData("{\"logits\": [1, 2], \"chain\": [{\"stage\": \"top_p\", \"value\": 2}]}", "top_p must be")]
    [InlineData("{\"logits\": [1, 2], \"chain\": [], \"history\": [5]}", "history")]
    [InlineData("{\"logits\": [1, 2], \"chain\": [], \"seed\": -1}", "seed")]
    public async Task Trace_names_the_line_and_what_is_wrong_with_it(string input, string words)
    {
        var result = await CommandLine.RunAsync(CommandLine.StartInfo("trace"), input);
        Assert.Equal((2, ""), (result.ExitCode, result.Output));
        Assert.Contains("line 1", result.Error, StringComparison.Ordinal);
        Assert.Contains(words, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_model_is_named_with_the_reason()
    {
        var folder = Directory.CreateTempSubdirectory("lmplayground-");
        try
        {
            foreach (var file in Directory.GetFiles(TestFiles.Embedded("transformer"), "*.json"))
                File.Copy(file, Path.Combine(folder.FullName, Path.GetFileName(file)));
            await File.WriteAllTextAsync(Path.Combine(folder.FullName, "model.onnx"), "this is no graph");
            var result = await CommandLine.RunAsync("generate", "--model", folder.FullName, "--prompt", "a");
            Assert.Equal(2, result.ExitCode);
            Assert.Contains("model.onnx", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Faults_in_the_configuration_are_all_listed()
    {
        var info = CommandLine.StartInfo("--urls", "http://127.0.0.1:0");
        info.Environment["Runs__MaxConcurrent"] = "0";
        info.Environment["Generation__PromptChunk"] = "-1";
        info.Environment["Hub__MaxConcurrent"] = "many";
        var result = await CommandLine.RunAsync(info);
        Assert.Equal(2, result.ExitCode);
        Assert.All(["Runs:MaxConcurrent", "Generation:PromptChunk", "Hub:MaxConcurrent"], word => Assert.Contains(word, result.Error, StringComparison.Ordinal));
    }
}
