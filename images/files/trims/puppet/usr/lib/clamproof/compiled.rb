# Ruby compiles the thousand files that Puppet is made of at each start. Here it loads what it compiled when the image
# was built.
class RubyVM::InstructionSequence
  def self.load_iseq(path)
    compiled = "/var/cache/ruby-compiled/#{path.tr('/', '@')}"
    return load_from_binary(File.binread(compiled)) if File.exist?(compiled)
    return nil unless File.exist?('/var/cache/ruby-compiled/filling')

    sequence = compile_file(path)
    File.binwrite(compiled, sequence.to_binary)
    sequence
  rescue SyntaxError, RuntimeError
    nil
  end
end
